import type { EasyRemoteError } from "@easyremote/shared/errors";
import type { BrowserNodeEventMap } from "../browser-node-events.js";
import type { DonatedBundle, DonorState } from "../node-facts.js";

/** The donor's state changed; `error` says why it is not online, or why it stopped. */
export class DonorStateEvent extends Event {
	readonly state: DonorState;
	readonly error: EasyRemoteError | undefined;

	constructor(state: DonorState, error: EasyRemoteError | undefined) {
		super("state");
		this.state = state;
		this.error = error;
	}
}

/** Something was published or taken back, or its code has come. */
export class BundlesEvent extends Event {
	readonly bundles: readonly DonatedBundle[];

	constructor(bundles: readonly DonatedBundle[]) {
		super("bundles");
		this.bundles = bundles;
	}
}

/** The events of a donor, by type. */
export interface DonorEventMap
	extends Pick<BrowserNodeEventMap, "call" | "error"> {
	state: DonorStateEvent;
	bundles: BundlesEvent;
}
