import { expect, it } from "vitest";
import { progressLine } from "./progress-line.js";

const NOTHING = { sent: 0, sendTotal: 0, received: 0, receiveTotal: 0 };
const start = { atMs: 0, bytes: 0 };

it("tells what goes up, how fast, and how long it will take", () => {
	const transfer = { ...NOTHING, sent: 16e6, sendTotal: 64e6 };
	expect(progressLine({ transfer }, start, 2_000)).toBe(
		"↑ 16.0 of 64.0 MB ━━━━━─────────────── 25 % 8.0 MB/s, 6 s left",
	);
});

it("tells what comes down once it does", () => {
	const transfer = { sent: 9, sendTotal: 9, received: 5e6, receiveTotal: 10e6 };
	expect(progressLine({ transfer }, { atMs: 1_000, bytes: 0 }, 1_100)).toBe(
		"↓ 5.0 of 10.0 MB ━━━━━━━━━━────────── 50 % 50.0 MB/s, 1 s left",
	);
});

it("gives no rate before anything has moved, and minutes where it takes some", () => {
	const still = { ...NOTHING, sendTotal: 9e8 };
	expect(progressLine({ transfer: still }, start, 500)).toBe(
		"↑ 0.0 of 900.0 MB ──────────────────── 0 %",
	);
	const slow = { ...still, sent: 1e6 };
	expect(progressLine({ transfer: slow }, start, 500)).toContain(
		"2.0 MB/s, 7 min 30 s left",
	);
});

it("tells what the function says of itself", () => {
	expect(
		progressLine(
			{ transfer: NOTHING, fraction: 0.5, message: "decoded" },
			start,
			1,
		),
	).toBe("· 50 % decoded");
});
