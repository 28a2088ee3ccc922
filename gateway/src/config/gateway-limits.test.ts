import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as v from "valibot";
import { DEFAULT_LIMITS, limitsSchema } from "./gateway-limits.js";

const SIZES = { KiB: 1024, MiB: 1024 ** 2 };

it("README.md lists every limit with its default", () => {
	const readme = readFileSync(
		new URL("../../README.md", import.meta.url),
		"utf8",
	);
	const section = /### Limits\n([^]*?)\n## /.exec(readme)?.[1] ?? "";
	const listed: Record<string, number | undefined> = {};
	for (const [, names = "", values = ""] of section.matchAll(
		/^\| (`.*?`) \| (.*?) \|/gm,
	))
		for (const [index, name] of names.split(", ").entries())
			listed[name.slice(1, -1)] = readValue(values.split(", ")[index]);
	expect(listed).toEqual({ ...DEFAULT_LIMITS, callsPerMinute: undefined });
});

function readValue(text = ""): number | undefined {
	const [number, unit] = text.split(" ");
	if (text === "any number") return undefined;
	return Number(number) * (unit ? SIZES[unit as keyof typeof SIZES] : 1);
}

it.each([
	{ maxConnections: 0 },
	{ maxConnections: 1.5 },
	{ callsPerMinute: 0 },
	{ helloTimeoutMs: 2 ** 31 },
	{ maxControlBytes: 300_000 },
	{ maxBufferedBytes: 1_048_576 },
	{ pauseAboveBytes: 9_000_000 },
	{ maxHeaderBytes: "16k" },
])("%j is refused", (limits) => {
	expect(v.safeParse(limitsSchema, limits).success).toBe(false);
});
