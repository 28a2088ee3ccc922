import type {
	DirectPath,
	DirectStatus,
	OpenedRelay,
} from "@easyremote/shared/caller";
import type { Link } from "@easyremote/shared/link";
import { DirectUpgrade, type PeerConnector } from "@easyremote/shared/peer";
export { simplePeerConnector } from "@easyremote/shared/peer";
import type { SessionEnd } from "@easyremote/shared/session";
import type { Clock } from "@easyremote/shared/time";
import { LinkRelay } from "./link-opener.js";

/** What direct paths are made with. */
export interface DirectPathOptions {
	readonly link: Link;
	readonly connector: PeerConnector;
	readonly iceTransportPolicy: "all" | "relay";
	readonly clock: Clock;
	/** A number in [0, 1). */
	readonly random: () => number;
	/** Told after each change of `status`. */
	readonly onChange: () => void;
}

/** The direct side of one session: negotiated over whichever relay carries its signals now. */
export class LinkDirectPath implements DirectPath {
	readonly #upgrade: DirectUpgrade;
	#relay: LinkRelay | undefined;

	constructor(session: SessionEnd, options: DirectPathOptions) {
		const { link, connector, clock, random, onChange } = options;
		const { iceTransportPolicy } = options;
		this.#upgrade = new DirectUpgrade({
			session,
			initiator: true,
			connector,
			iceTransportPolicy,
			iceServers: () => link.welcome?.iceServers ?? [],
			sendSignal: (attempt, signal) => this.#relay?.sendSignal(attempt, signal),
			onChange,
			clock,
			random,
		});
	}

	readonly status: DirectStatus = statusOf(() => this.#upgrade);

	start(relay: OpenedRelay): void {
		if (!(relay instanceof LinkRelay)) return;
		// What an attempt signalled over a relay that was lost may not have arrived: it would wait in vain.
		const moved = this.#relay !== undefined && this.#relay !== relay;
		this.#relay = relay;
		relay.onSignal = (attempt, signal) => {
			if (this.#relay === relay) this.#upgrade.receive(attempt, signal);
		};
		if (moved && this.#upgrade.state === "connecting") this.#upgrade.release();
		// Nor does what failed meanwhile tell anything of the network.
		if (moved) this.#upgrade.networkChanged();
		this.#upgrade.start();
	}

	networkChanged(): void {
		this.#upgrade.networkChanged();
	}

	used(): void {
		this.#upgrade.used();
	}

	close(): void {
		this.#upgrade.close();
	}
}

function statusOf(upgrade: () => DirectUpgrade): DirectStatus {
	return {
		get state() {
			return upgrade().report.state;
		},
		get report() {
			return upgrade().report;
		},
		async whenOpen(timeoutMs, signal) {
			const open = await upgrade().whenOpen(timeoutMs, signal);
			signal?.throwIfAborted();
			return open;
		},
	};
}
