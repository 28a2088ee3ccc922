import { expect, it } from "vitest";
import { parseDuration } from "./duration.js";

it.each([
	[0, 0],
	[1.5, 1.5],
	["250ms", 250],
	["30s", 30_000],
	["0.5s", 500],
	["5m", 300_000],
	["2h", 7_200_000],
	["100", 100],
])("%j is %d ms", (duration, ms) => {
	expect(parseDuration(duration)).toBe(ms);
});

it.each([
	"",
	"s",
	"5 days",
	"-5s",
	"1e3",
	"5S",
	"5s5",
	-1,
	Number.NaN,
	Infinity,
])("%j is no duration, and is named", (duration) => {
	expect(() => parseDuration(duration)).toThrow(
		expect.objectContaining({
			code: "INVALID_ARGUMENT",
			message: `"${String(duration)}" is not a duration`,
		}),
	);
});
