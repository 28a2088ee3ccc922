import { ManualClock } from "@easyremote/shared/time";
import { describe, expect, it } from "vitest";
import { DutyPlaces } from "./duty-places.js";

const { signal } = new AbortController();

/** Whether a promise has settled, without waiting for it. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
	let done = false;
	const note = () => {
		done = true;
	};
	promise.then(note, note);
	await new Promise((resolve) => setImmediate(resolve));
	return done;
}

describe("places", () => {
	it("rest as long as their share of the time asks for", async () => {
		const clock = new ManualClock();
		const places = new DutyPlaces(1, 0.25, clock);
		const release = await places.take(signal);
		await clock.advance(100);
		release();
		release();
		const next = places.take(signal);
		await clock.advance(299);
		expect(await settled(next)).toBe(false);
		await clock.advance(1);
		expect(await settled(next)).toBe(true);
	});

	it("do not rest where all of the time is given", async () => {
		const clock = new ManualClock();
		const places = new DutyPlaces(1, 1, clock);
		(await places.take(signal))();
		(await places.take(signal))();
		expect(clock.pending).toBe(0);
	});

	it("that have rested go first", async () => {
		const clock = new ManualClock();
		const places = new DutyPlaces(2, 0.5, clock);
		const release = await places.take(signal);
		await clock.advance(1_000);
		release();
		expect(await settled(places.take(signal))).toBe(true);
	});

	it("are waited for while all are taken", async () => {
		const places = new DutyPlaces(1, 1, new ManualClock());
		const release = await places.take(signal);
		const next = places.take(signal);
		const last = places.take(signal);
		expect(await settled(next)).toBe(false);
		release();
		(await next)();
		expect(await settled(last)).toBe(true);
	});

	it("are given back by who does not wait for them", async () => {
		const clock = new ManualClock();
		const places = new DutyPlaces(1, 0.5, clock);
		const release = await places.take(signal);
		await clock.advance(10);
		release();
		const leaving = new AbortController();
		const left = places.take(leaving.signal);
		leaving.abort(new Error("gone"));
		await expect(left).rejects.toThrow("gone");
		expect(clock.pending).toBe(0);
		await clock.advance(10);
		expect(await settled(places.take(signal))).toBe(true);
	});
});
