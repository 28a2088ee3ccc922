import type { EasyRemoteError } from "@easyremote/shared/errors";
import type { BrowserNodeCall, BrowserNodeState } from "./node-facts.js";

/** The node's state changed; `error` says why it is not online, or why it stopped. */
export class BrowserNodeStateEvent extends Event {
	readonly state: BrowserNodeState;
	readonly error: EasyRemoteError | undefined;

	constructor(state: BrowserNodeState, error: EasyRemoteError | undefined) {
		super("state");
		this.state = state;
		this.error = error;
	}
}

/** A call began, or is over. */
export class BrowserNodeCallEvent extends Event {
	readonly call: BrowserNodeCall;

	constructor(call: BrowserNodeCall) {
		super("call");
		this.call = call;
	}
}

/** Something failed that no call hears of; the node goes on where it can. */
export class BrowserNodeErrorEvent extends Event {
	readonly error: EasyRemoteError;

	constructor(error: EasyRemoteError) {
		super("error");
		this.error = error;
	}
}

/** The events of a tab node, by type. */
export interface BrowserNodeEventMap {
	state: BrowserNodeStateEvent;
	call: BrowserNodeCallEvent;
	error: BrowserNodeErrorEvent;
}
