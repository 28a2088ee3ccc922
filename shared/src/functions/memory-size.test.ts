import { expect, it } from "vitest";
import { parseMemorySize } from "./memory-size.js";

it.each([
	[5, 5],
	["5", 5],
	["100B", 100],
	["512MB", 512e6],
	["8GB", 8e9],
	["8 GiB", 8 * 2 ** 30],
	["1.5kb", 1500],
	["2TiB", 2 * 2 ** 40],
])("%j is %d bytes", (size, bytes) => {
	expect(parseMemorySize(size)).toBe(bytes);
});

it.each(["", "GB", "a lot", "-1GB", "8G", "8PB", -1, Number.NaN])(
	"%j is no amount, and is named",
	(size) => {
		expect(() => parseMemorySize(size)).toThrow(
			expect.objectContaining({
				code: "INVALID_ARGUMENT",
				message: `"${String(size)}" is not an amount of memory`,
			}),
		);
	},
);
