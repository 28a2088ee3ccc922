import type { Verdict } from "@easyremote/shared/caller";
import type { Principal } from "../auth/principal.js";
import type { TrustLedger } from "./trust-ledger.js";
import type { Logger } from "pino";

export interface VerdictDeskOptions {
	readonly ledger: Pick<TrustLedger, "judge" | "worked">;
	/** Whose key a node came in with: of a donor, also after it has left. */
	readonly donorOf: (nodeId: string) => Promise<string | undefined>;
	readonly log: Logger;
}

/** Where word of nodes comes in that may be donors. */
export class VerdictDesk {
	readonly #options: VerdictDeskOptions;

	constructor(options: VerdictDeskOptions) {
		this.#options = options;
	}

	/** The gateway itself has compared results, for whomever. */
	found({ nodeId, valid }: Verdict): void {
		this.#about(nodeId, (ledger, donor) => {
			ledger.judge(donor, "everybody", valid);
		});
	}

	/** A client says that it has. What strangers say is worth nothing. */
	told(
		{ nodeId, valid }: Verdict,
		{ id, anonymous, grants }: Pick<Principal, "id" | "anonymous" | "grants">,
	): void {
		if (anonymous) return;
		const judge = grants.includes("admin") ? "everybody" : { principal: id };
		this.#about(nodeId, (ledger, donor) => {
			ledger.judge(donor, judge, valid);
		});
	}

	/** A node's functions ran for so long, ms. */
	worked(nodeId: string, ms: number): void {
		this.#about(nodeId, (ledger, donor) => {
			ledger.worked(donor, ms);
		});
	}

	#about(
		nodeId: string,
		say: (ledger: VerdictDeskOptions["ledger"], donor: string) => void,
	): void {
		const { ledger, donorOf, log } = this.#options;
		donorOf(nodeId).then(
			(donor) => {
				if (donor !== undefined) say(ledger, donor);
			},
			(error: unknown) => {
				log.error({ err: error, node: nodeId }, "a verdict got lost");
			},
		);
	}
}
