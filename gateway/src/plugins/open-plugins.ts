import { type Plugin, PluginHooks } from "@easyremote/shared/plugins";
import type { Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";

/** The hooks of the gateway's plugins, whose failures go to the log; undefined where there are none, which then cost nothing. */
export function openPlugins({
	plugins,
	clock,
	log,
}: {
	/** Checked. */
	readonly plugins: readonly Plugin[];
	readonly clock: Clock;
	readonly log: Logger;
}): PluginHooks | undefined {
	if (plugins.length === 0) return undefined;
	return new PluginHooks({
		plugins,
		clock,
		failed: ({ plugin, hook, reason }) =>
			log.error({ plugin, hook, reason }, "a plugin failed"),
	});
}
