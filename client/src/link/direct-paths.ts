import type { DirectPath } from "@easyremote/shared/caller";
import { loadCode } from "@easyremote/shared/errors";
import type { PeerConnector } from "@easyremote/shared/peer";
import type { SessionEnd } from "@easyremote/shared/session";
import type { DirectPathOptions } from "./link-direct-path.js";

/** What the direct paths of a client have in common. */
export interface DirectPathsOptions
	extends Omit<DirectPathOptions, "connector" | "onChange"> {
	/** Another WebRTC implementation than the platform's own. */
	readonly rtc: object | undefined;
	readonly onChange: (nodeId: string) => void;
}

/**
 * The direct paths of a client. Their code, a third of everything, is fetched when the first one is wanted: many pages
 * only make calls that the relay carries well.
 */
export class DirectPaths {
	readonly #options: DirectPathsOptions;
	#connector: PeerConnector | undefined;

	constructor(options: DirectPathsOptions) {
		this.#options = options;
	}

	/** Makes the direct side of a session. Rejects with UNAVAILABLE if its code cannot be fetched. */
	async open(session: SessionEnd, nodeId: string): Promise<DirectPath> {
		const { rtc, onChange, ...common } = this.#options;
		const { LinkDirectPath, simplePeerConnector } = await loadCode(
			"direct paths",
			() => import("./link-direct-path.js"),
		);
		this.#connector ??= simplePeerConnector({ rtc });
		return new LinkDirectPath(session, {
			...common,
			connector: this.#connector,
			onChange: () => onChange(nodeId),
		});
	}
}
