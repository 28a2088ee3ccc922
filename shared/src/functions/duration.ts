import { EasyRemoteError } from "../errors/easyremote-error.js";

/** A span of time as users write it: milliseconds, or "250ms", "30s", "5m", "2h". */
export type Duration = number | string;

const UNITS_MS: ReadonlyMap<string, number> = new Map([
	["ms", 1],
	["s", 1_000],
	["m", 60_000],
	["h", 3_600_000],
]);

/** The span in ms. Throws INVALID_ARGUMENT for what is no span of time. */
export function parseDuration(duration: Duration): number {
	if (typeof duration === "number") {
		if (Number.isFinite(duration) && duration >= 0) return duration;
		throw notADuration(duration);
	}
	const [, digits, unit = "ms"] =
		/^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(duration.trim()) ?? [];
	const factor = UNITS_MS.get(unit);
	if (digits === undefined || factor === undefined)
		throw notADuration(duration);
	return Number(digits) * factor;
}

function notADuration(value: Duration): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`"${String(value).slice(0, 100)}" is not a duration`,
		{ hint: 'write milliseconds, or "250ms", "30s", "5m", "2h"' },
	);
}
