import { expect, it } from "vitest";
import { formatBytes, formatDuration } from "./format-figures.js";

it.each([
	[0, "0 B"],
	[1023, "1023 B"],
	[1024, "1.00 KiB"],
	[1536, "1.50 KiB"],
	[64 * 1024 * 1024, "64.0 MiB"],
	[1024 ** 2 - 1, "1.00 MiB"],
	[3 * 1024 ** 5, "3072 TiB"],
])("writes %d bytes as %s", (bytes, text) => {
	expect(formatBytes(bytes)).toBe(text);
});

it.each([
	[0.04, "0.0 ms"],
	[9.94, "9.9 ms"],
	[35.4, "35 ms"],
	[999.6, "1.0 s"],
	[59_960, "1 min 0 s"],
	[185_000, "3 min 5 s"],
])("writes %d ms as %s", (ms, text) => {
	expect(formatDuration(ms)).toBe(text);
});
