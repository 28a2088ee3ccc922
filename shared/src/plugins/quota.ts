import { EasyRemoteError } from "../errors/easyremote-error.js";
import { type Duration, parseDuration } from "../functions/duration.js";
import type { Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";
import type { Plugin, PluginCall } from "./plugin.js";

/** Principals counted at once; the one whose window began first is forgotten. Bounds memory. */
const MOST_PRINCIPALS = 100_000;

export interface QuotaOptions {
	/** Calls that one principal may make … */
	readonly calls: number;
	/** … in this time, counted from its first call. */
	readonly per: Duration;
	/** Where time comes from; the platform's unless given. */
	readonly clock?: Clock;
}

interface Window {
	readonly endsAt: number;
	used: number;
}

/**
 * A plugin that lets each principal make so many calls in a time, and refuses more with RESOURCE_EXHAUSTED and
 * `retryAfterMs`. All anonymous callers are one principal. At a gateway it counts REST calls, at a node every call
 * there; each counts for itself, in memory. Throws INVALID_ARGUMENT for limits that are none.
 *
 * @example
 * createNode({ gateway, plugins: [quota({ calls: 1000, per: "1h" })] });
 */
export function quota({
	calls,
	per,
	clock = systemClock,
}: QuotaOptions): Plugin {
	if (!Number.isInteger(calls) || calls < 1)
		throw invalid("calls", "a whole number over 0");
	const perMs = parseDuration(per);
	if (perMs <= 0) throw invalid("per", "a duration over 0");
	/** By principal, the one that began first in front. */
	const windows = new Map<string, Window>();

	function windowOf(principal: string): Window {
		const now = clock.monotonic();
		const known = windows.get(principal);
		if (known && known.endsAt > now) return known;
		windows.delete(principal);
		const fresh = { endsAt: now + perMs, used: 0 };
		windows.set(principal, fresh);
		for (const [id, { endsAt }] of windows) {
			if (endsAt > now && windows.size <= MOST_PRINCIPALS) break;
			windows.delete(id);
		}
		return fresh;
	}

	return {
		name: "quota",
		beforeFunctionCall({ caller }: PluginCall): void {
			const window = windowOf(caller.id);
			if (window.used >= calls) {
				throw new EasyRemoteError(
					"RESOURCE_EXHAUSTED",
					`${caller.subject} has made the ${calls} calls it may make in ${perMs} ms`,
					{
						details: { reason: "quota", calls, perMs },
						retryAfterMs: Math.ceil(window.endsAt - clock.monotonic()),
					},
				);
			}
			window.used += 1;
		},
	};
}

function invalid(option: string, wanted: string): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`option "${option}" of quota must be ${wanted}`,
	);
}
