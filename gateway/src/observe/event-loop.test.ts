import { ManualClock } from "@easyremote/shared/time";
import { expect, it } from "vitest";
import { EventLoopMonitor } from "./event-loop.js";

/** Node's histogram, told by hand what it would have measured: times from one look to the next, ms. */
class ScriptedHistogram {
	enabled = false;
	#values: number[] = [];

	record(...ms: number[]): void {
		this.#values.push(...ms.map((each) => each * 1e6));
	}

	get count(): number {
		return this.#values.length;
	}

	get mean(): number {
		return this.#values.reduce((sum, each) => sum + each, 0) / this.count;
	}

	get max(): number {
		return Math.max(...this.#values);
	}

	percentile(): number {
		return this.max;
	}

	reset(): void {
		this.#values = [];
	}

	enable(): boolean {
		this.enabled = true;
		return true;
	}

	disable(): boolean {
		this.enabled = false;
		return true;
	}
}

const NO_LAG = { meanMs: 0, p99Ms: 0, maxMs: 0 };

it("tells by how much the event loop was late, for half a minute to a minute", async () => {
	const clock = new ManualClock();
	const histogram = new ScriptedHistogram();
	const monitor = new EventLoopMonitor(clock, histogram);
	expect(monitor.lag).toEqual(NO_LAG);
	monitor.start();
	expect(histogram.enabled).toBe(true);
	histogram.record(20, 120);
	const lag = { meanMs: 50, p99Ms: 100, maxMs: 100 };
	expect(monitor.lag).toEqual(lag);
	await clock.advance(30_000);
	expect(monitor.lag).toEqual(lag);
	histogram.record(19);
	await clock.advance(30_000);
	expect(monitor.lag).toEqual(NO_LAG);
	monitor.stop();
	expect(histogram.enabled).toBe(false);
	expect(clock.pending).toBe(0);
});

it("is watched by Node, and leaves nothing behind", () => {
	const clock = new ManualClock();
	const monitor = new EventLoopMonitor(clock);
	monitor.start();
	expect(monitor.lag.meanMs).toBeGreaterThanOrEqual(0);
	monitor.stop();
	expect(clock.pending).toBe(0);
});
