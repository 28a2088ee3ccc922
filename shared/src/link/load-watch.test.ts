import { expect, it } from "vitest";
import { ManualClock } from "../time/manual-clock.js";
import { LoadWatch } from "./load-watch.js";

it("tells of a change worth it, once a second at most, and of none after its end", async () => {
	const clock = new ManualClock();
	let load = { running: 0, queued: 0, maxConcurrent: 20 };
	let changes = 0;
	const watch = new LoadWatch({
		clock,
		load: () => load,
		changed: () => {
			changes += 1;
			watch.told(load);
		},
	});
	load = { ...load, running: 5 };
	await clock.advance(1_000);
	// Nothing has been told yet: the first heartbeat will.
	expect(changes).toBe(0);
	watch.told({ ...load, running: 0 });
	await clock.advance(999);
	expect(changes).toBe(0);
	await clock.advance(1);
	expect(changes).toBe(1);
	load = { ...load, running: 6 };
	await clock.advance(5_000);
	expect(changes).toBe(1);
	load = { ...load, running: 6, queued: 1 };
	await clock.advance(5_000);
	expect(changes).toBe(2);
	watch.stop();
	load = { ...load, running: 20 };
	await clock.advance(5_000);
	expect(changes).toBe(2);
	expect(clock.pending).toBe(0);
});
