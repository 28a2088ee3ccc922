import type { EasyRemoteError } from "@easyremote/shared/errors";
import type { CallReport, ServedNodeState } from "@easyremote/shared/host";

/** `idle`: `serve` has not been called. The others as `ServedNodeState`. */
export type NodeState = "idle" | ServedNodeState;

/** The node's state changed; `error` says why it is not online, or why it closed. */
export class NodeStateEvent extends Event {
	readonly state: NodeState;
	readonly error: EasyRemoteError | undefined;

	constructor(state: NodeState, error: EasyRemoteError | undefined) {
		super("state");
		this.state = state;
		this.error = error;
	}
}

/** A call is over. */
export class NodeCallEvent extends Event {
	readonly call: CallReport;

	constructor(call: CallReport) {
		super("call");
		this.call = call;
	}
}

/** Something failed that no call hears of; the node goes on where it can. */
export class NodeErrorEvent extends Event {
	readonly error: EasyRemoteError;

	constructor(error: EasyRemoteError) {
		super("error");
		this.error = error;
	}
}

/** The events of a node, by type. */
export interface NodeEventMap {
	state: NodeStateEvent;
	call: NodeCallEvent;
	error: NodeErrorEvent;
}
