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
		const rtt = Math.max(link.delayMs, window.bytes / link.bytesPerMs);
		now += rtt;
		window.acknowledged(window.bytes, rtt, now, true);
	}
}

describe("PathWindow", () => {
	it("grows to fill a fast long link", () => {
		const window = new PathWindow();
		const link = { bytesPerMs: 12_500, delayMs: 40 };
		drive(window, link, 60);
		expect(window.bytes).toBeGreaterThan(link.bytesPerMs * link.delayMs);
	});

	it("does not build a queue on a slow one", () => {
		const window = new PathWindow();
		const link = { bytesPerMs: 2_500, delayMs: 20 };
		window.measured(link.delayMs);
		drive(window, link, 200);
		const queueMs = window.bytes / link.bytesPerMs - link.delayMs;
		expect(queueMs).toBeLessThan(40);
		expect(window.bytes).toBeGreaterThanOrEqual(64 * 1024);
	});

	it("stays as it is while there is too little to send", () => {
		const window = new PathWindow();
		const before = window.bytes;
		window.acknowledged(1_000, 1, 1, false);
		expect(window.bytes).toBe(before);
	});
});
