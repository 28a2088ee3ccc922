import {
	EasyRemoteError,
	isEasyRemoteError,
} from "../errors/easyremote-error.js";
import { parseDuration } from "../functions/duration.js";
import { type Plugin, PLUGIN_HOOKS } from "./plugin.js";

/** Longest time for one hook unless its plugin says otherwise, ms. */
export const DEFAULT_HOOK_TIMEOUT_MS = 5_000;

/** Throws INVALID_ARGUMENT that says what is wrong with a list of plugins, and with which of them. */
export function checkPlugins(plugins: unknown): readonly Plugin[] {
	if (!Array.isArray(plugins)) throw invalid("plugins are an array");
	const names = new Set<string>();
	for (const [index, plugin] of (plugins as unknown[]).entries()) {
		const name = checkPlugin(plugin, index);
		// Figures and logs tell them apart by it.
		if (names.has(name)) throw invalid(`two plugins are called "${name}"`);
		names.add(name);
	}
	return plugins as readonly Plugin[];
}

function checkPlugin(plugin: unknown, index: number): string {
	if (typeof plugin !== "object" || plugin === null)
		throw invalid(`plugin ${index} is no object`);
	const { name, timeout } = plugin as Partial<Plugin>;
	if (typeof name !== "string" || name === "")
		throw invalid(`plugin ${index} has no "name"`);
	const hooks = PLUGIN_HOOKS.filter((hook) => hook in plugin);
	const wrong = hooks.find((hook) => {
		const value: unknown = Reflect.get(plugin, hook);
		return value !== undefined && typeof value !== "function";
	});
	if (wrong !== undefined)
		throw invalid(`"${wrong}" of plugin "${name}" is no function`);
	if (hooks.length === 0)
		throw invalid(
			`plugin "${name}" has no hook`,
			`there are ${PLUGIN_HOOKS.join(", ")}`,
		);
	if (timeout !== undefined) checkTimeout(timeout, name);
	return name;
}

function checkTimeout(
	timeout: NonNullable<Plugin["timeout"]>,
	name: string,
): void {
	try {
		if (parseDuration(timeout) > 0) return;
	} catch (error) {
		if (!isEasyRemoteError(error)) throw error;
	}
	throw invalid(`"timeout" of plugin "${name}" must be a duration over 0`);
}

function invalid(problem: string, hint?: string): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", problem, { hint });
}
