import { describe, expect, it } from "vitest";
import { PathWindow } from "./path-window.js";

/** Keeps a link of `bytesPerMs` and `delayMs` busy for `roundTrips` and says what window came of it. */
function drive(
	window: PathWindow,
	link: { readonly bytesPerMs: number; readonly delayMs: number },
	roundTrips: number,
): void {
	let now = 0;
	for (let turn = 0; turn < roundTrips; turn += 1) {
		const { bytes } = window;
		const rttMs = Math.max(link.delayMs, bytes / link.bytesPerMs);
		now += rttMs;
		window.acknowledged({
			bytes,
			rttMs,
			delivered: { bytes, ms: rttMs },
			nowMs: now,
			limited: true,
		});
	}
}

describe("PathWindow", () => {
	it.each(["relay", "direct"] as const)(
		"grows to fill a fast long %s link",
		(kind) => {
			const window = new PathWindow(kind);
			const link = { bytesPerMs: 12_500, delayMs: 40 };
			drive(window, link, 60);
			expect(window.bytes).toBeGreaterThan(link.bytesPerMs * link.delayMs);
		},
	);

	it("does not build a queue on a slow one", () => {
		const window = new PathWindow("direct");
		const link = { bytesPerMs: 2_500, delayMs: 20 };
		window.measured(link.delayMs);
		drive(window, link, 200);
		const queueMs = window.bytes / link.bytesPerMs - link.delayMs;
		expect(queueMs).toBeLessThan(40);
		expect(window.bytes).toBeGreaterThanOrEqual(64 * 1024);
	});

	it.each([
		["relay", 5],
		["direct", 8],
	] as const)(
		"lets hardly anything wait where the ends of a %s are the limit, so that small calls pass",
		(kind, mostMs) => {
			const window = new PathWindow(kind);
			const link = { bytesPerMs: 25_000, delayMs: 0.5 };
			window.measured(link.delayMs);
			drive(window, link, 500);
			expect(window.bytes / link.bytesPerMs).toBeLessThan(mostMs);
		},
	);

	it.each([
		["little", 0, 3],
		["a good deal", 1024 ** 2, 8],
	])(
		"keeps the ends of a direct path busy with what they have room for: %s",
		(_what, roomBytes, mostMs) => {
			const window = new PathWindow("direct");
			const link = { bytesPerMs: 25_000, delayMs: 0.1 };
			window.mayWait(roomBytes);
			window.measured(link.delayMs);
			drive(window, link, 500);
			const ms = window.bytes / link.bytesPerMs;
			expect(ms).toBeLessThan(mostMs);
			expect(ms).toBeGreaterThan(mostMs / 2);
		},
	);

	it("stays as it is while there is too little to send", () => {
		const window = new PathWindow("direct");
		const before = window.bytes;
		window.acknowledged({
			bytes: 1_000,
			rttMs: 1,
			delivered: { bytes: 1_000, ms: 1 },
			nowMs: 1,
			limited: false,
		});
		expect(window.bytes).toBe(before);
	});
});
