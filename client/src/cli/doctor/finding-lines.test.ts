import { expect, it } from "vitest";
import { findingLines } from "./finding-lines.js";
import { checkClock } from "./gateway-check.js";
import { udpTrouble } from "./udp-trouble.js";

const finding = {
	check: "stun",
	status: "failed",
	detail: "no answer\u001b[2J",
	fix: "open it",
} as const;

it("aligns findings, with what to do below them", () => {
	expect(findingLines(finding, false)).toBe(
		`FAIL  stun         no answer [2J\n${" ".repeat(19)}→ open it`,
	);
	expect(
		findingLines({ check: "gateway", status: "ok", detail: "fine" }, false),
	).toBe("ok    gateway      fine");
});

it("colours nothing but the mark", () => {
	expect(findingLines(finding, true)).toMatch(
		// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colour is.
		/^\u001b\[31mFAIL\u001b\[0m {2}stun {9}no answer \[2J\n/,
	);
});

it.each([
	["Thu, 01 Jan 2026 00:00:00 GMT", 1_000, []],
	["Thu, 01 Jan 2026 00:00:00 GMT", 5_500, [["ok", "5.0 s ahead of"]]],
	["Thu, 01 Jan 2026 00:00:00 GMT", -119_500, [["failed", "120.0 s behind"]]],
	[null, 1_000_000, []],
	["nonsense", 1_000_000, []],
] as const)("judges a clock by the gateway's %s", (date, offset, expected) => {
	const now = Date.parse("2026-01-01T00:00:00Z") + offset;
	const found = checkClock(date, now);
	expect(found.map(({ status }) => status)).toEqual(
		expected.map(([status]) => status),
	);
	for (const [index, [, words]] of expected.entries())
		expect(found[index]?.detail).toContain(words);
});

it.each([
	[undefined, "no UDP answer from stun:h:9 in 5 s", "open 9/udp to h"],
	["ECONNREFUSED", "nothing listens", "pass 9/udp on"],
	["ENOTFOUND", "unknown host name", "DNS"],
	["ENETUNREACH", "cannot be reached: no way", "a way to the server"],
])("explains %s", (code, detail, fix) => {
	const error =
		code === undefined
			? undefined
			: Object.assign(new Error("no way"), { code });
	const found = udpTrouble("stun", "stun:h:9", error);
	expect(found).toMatchObject({ check: "stun", status: "failed" });
	expect(found.detail).toContain(detail);
	expect(found.fix).toContain(fix);
});
