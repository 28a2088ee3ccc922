import type {
	BegunCall,
	CallObserver,
	CallWatch,
} from "@easyremote/shared/caller";
import type { PluginCall, PluginHooks } from "@easyremote/shared/plugins";
import type { Principal } from "../auth/principal.js";

export interface PluginObserverOptions {
	readonly hooks: Pick<PluginHooks, "before" | "over">;
	/** Whose calls they are. */
	readonly principal: Principal;
	/** Who hears of the calls besides. */
	readonly inner: CallObserver;
}

/** Asks and tells plugins of the calls that the gateway makes for one principal: those of REST. */
export class PluginObserver implements CallObserver {
	readonly #options: PluginObserverOptions;

	constructor(options: PluginObserverOptions) {
		this.#options = options;
	}

	began(begun: BegunCall): CallWatch {
		const { hooks, principal, inner } = this.#options;
		// Plugins are asked about the call that it checks.
		if (begun.replica) return inner.began(begun);
		const { id, subject, anonymous } = principal;
		const call: PluginCall = {
			id: begun.id,
			function: begun.target.function,
			nodeId: begun.target.node,
			caller: { id, subject, anonymous },
		};
		const watch = inner.began(begun);
		return {
			traceparent: watch.traceparent,
			allow: () => hooks.before(call),
			settled: (meta, error) => {
				watch.settled(meta, error);
				const { nodeId = call.nodeId, transport, cached, totalMs } = meta;
				hooks.over(
					{ ...call, nodeId, transport, cached, durationMs: totalMs },
					error,
				);
			},
		};
	}
}
