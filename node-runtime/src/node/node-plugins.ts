import type { HostLog } from "@easyremote/shared/host";
import { type Plugin, PluginHooks } from "@easyremote/shared/plugins";
import { systemClock } from "@easyremote/shared/time";
import type { NodeState } from "./node-events.js";

/** The plugins of a node, and what they have last been told of its being there. */
export class NodePlugins {
	readonly #hooks: PluginHooks | undefined;
	readonly #node: { readonly nodeId: string; readonly tags: readonly string[] };
	#joined = false;

	constructor(
		plugins: readonly Plugin[],
		node: { readonly nodeId: string; readonly tags: readonly string[] },
		log: HostLog,
	) {
		this.#node = node;
		if (plugins.length === 0) return;
		this.#hooks = new PluginHooks({
			plugins,
			clock: systemClock,
			failed: ({ plugin, hook, reason }) =>
				log.error(`plugin "${plugin}" failed in ${hook}: ${reason}`, {
					plugin,
					hook,
				}),
		});
	}

	/** For the host; undefined where there are none, and then they cost nothing. */
	get hooks(): PluginHooks | undefined {
		return this.#hooks;
	}

	/** The node is in another state: present from `online` until its connection is gone, draining or not. */
	entered(state: NodeState): void {
		if (state === "online" && !this.#joined) {
			this.#joined = true;
			this.#hooks?.joined({ kind: "compute", ...this.#node });
		}
		if ((state === "waiting" || state === "closed") && this.#joined) {
			this.#joined = false;
			this.#hooks?.left({ kind: "compute", ...this.#node });
		}
	}

	/** Lets them finish what they are at. Never rejects. */
	async close(): Promise<void> {
		await this.#hooks?.close();
	}
}
