import type {
	BegunCall,
	CallMeta,
	CallObserver,
	CallWatch,
} from "@easyremote/shared/caller";
import type { EasyRemoteError } from "@easyremote/shared/errors";
import type { TalliedCall } from "@easyremote/shared/telemetry";
import type { Logger } from "pino";
import type { Principal } from "../auth/principal.js";
import { type CallLedger, NONE } from "./call-ledger.js";
import { startCallSpan } from "./call-span.js";

export interface RestObserverOptions {
	readonly ledger: CallLedger;
	readonly log: Logger;
	/** Told how long a node's function ran, ms, as it says. */
	readonly worked?: (node: string, ms: number) => void;
	/** Whose calls they are. */
	readonly principal: Principal;
}

/** Counts, logs and traces the calls that the gateway makes for HTTP requests of one principal. */
export class RestObserver implements CallObserver {
	readonly #options: RestObserverOptions;

	constructor(options: RestObserverOptions) {
		this.#options = options;
	}

	began(call: BegunCall): CallWatch {
		const span = startCallSpan(call);
		return {
			traceparent: span.traceparent,
			settled: (meta, error) => {
				span.end(meta, error);
				this.#settled(call.id, call.target.function, meta, error);
			},
		};
	}

	#settled(
		callId: string,
		functionName: string,
		meta: CallMeta,
		error: EasyRemoteError | undefined,
	): void {
		const { ledger, log, principal, worked } = this.#options;
		// Of a name that led nowhere nobody knows whether there is such a function: strangers think them up.
		const known = meta.nodeId !== undefined;
		const [name, node] = known ? [functionName, meta.nodeId] : [NONE, NONE];
		const ms = meta.totalMs;
		const bytes = { bytesIn: meta.bytesSent, bytesOut: meta.bytesReceived };
		const outcome = error?.code ?? "OK";
		ledger.addRest(name, node, { outcome, ms, ...bytes, cache: cacheOf(meta) });
		if (known && !meta.cached) worked?.(node, Math.min(meta.runMs, ms));
		// What an error says may be what the function was given: its code is enough.
		log[error ? "info" : "debug"](
			{
				callId,
				function: name,
				node,
				routeReason: meta.routeReason,
				subject: principal.subject,
				code: outcome,
				ms: Math.round(ms),
				...bytes,
			},
			error ? "call failed" : "call answered",
		);
	}
}

/** Of a function that keeps its answers the node says for how long they are fresh. */
function cacheOf({ cached, freshMs }: CallMeta): TalliedCall["cache"] {
	if (freshMs === undefined) return undefined;
	return cached ? "hit" : "miss";
}
