import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallContext } from "./call-context.js";
import type { Route } from "./route-source.js";

/** A call's stays at nodes, one at a time: the node counts the call as in flight, and what it was like counts for the next choice. */
export class NodeStay {
	readonly #context: CallContext;
	#nodeId = "";
	#route: Route | undefined;
	/** Undefined until the call is sent. */
	#sinceMs: number | undefined;

	constructor(context: CallContext) {
		this.#context = context;
	}

	/** The node is chosen. */
	chosen(nodeId: string, route: Route): void {
		this.#nodeId = nodeId;
		this.#route = route;
		this.#sinceMs = undefined;
	}

	/** The call is sent there. */
	began(nowMs: number): void {
		this.#sinceMs = nowMs;
		this.#context.inFlight.add(this.#nodeId);
	}

	/** The node is done with the attempt. Saying so twice does nothing. */
	end(error: EasyRemoteError | undefined, accepted: boolean): void {
		const route = this.#route;
		if (!route) return;
		this.#route = undefined;
		if (error && !accepted && isAbsence(error)) route.doubt();
		const nodeId = this.#nodeId;
		const { inFlight, clock } = this.#context;
		if (this.#sinceMs === undefined) {
			this.#context.released(route, nodeId);
			return;
		}
		inFlight.remove(nodeId);
		const ms = clock.monotonic() - this.#sinceMs;
		this.#context.settled(route, nodeId, { ms, error, accepted });
	}
}

/** Routes are told a little late: a node that has left is in them when the next call is made. */
function isAbsence({ code }: EasyRemoteError): boolean {
	return code === "UNAVAILABLE" || code === "NOT_FOUND";
}
