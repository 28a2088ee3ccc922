import { describe, expect, it } from "vitest";
import { ManualClock } from "../time/manual-clock.js";
import { memoryChannelPair } from "./memory-channel.js";
import { describeChannel } from "./testing/channel-conformance.js";
import { ChannelProbe } from "./testing/channel-probe.js";

describeChannel("memory", async () => {
	const [a, b] = memoryChannelPair();
	return { a, b, dispose: () => Promise.resolve() };
});

describe("a simulated link", () => {
	it("delays by latency and by the line's rate, in order", async () => {
		const clock = new ManualClock();
		const [a, b] = memoryChannelPair({ clock, latencyMs: 40, bytesPerMs: 100 });
		const atB = new ChannelProbe();
		a.start(new ChannelProbe());
		b.start(atB);
		a.send(new Uint8Array(1000));
		a.send(new Uint8Array(2000));
		await clock.advance(49);
		expect(atB.messages).toHaveLength(0);
		await clock.advance(1);
		expect(atB.messages).toHaveLength(1);
		await clock.advance(19);
		expect(atB.messages).toHaveLength(1);
		await clock.advance(1);
		expect(atB.messages).toHaveLength(2);
		expect(clock.pending).toBe(0);
	});

	it("is not writable while too much waits for the line", async () => {
		const clock = new ManualClock();
		const [a, b] = memoryChannelPair({
			clock,
			bytesPerMs: 100,
			latencyMs: 500,
			highWaterBytes: 3000,
		});
		const atA = new ChannelProbe();
		a.start(atA);
		b.start(new ChannelProbe());
		let drained = false;
		void atA.nextDrained().then(() => {
			drained = true;
		});
		a.send(new Uint8Array(2000));
		expect(a.writable).toBe(true);
		a.send(new Uint8Array(2000));
		expect(a.writable).toBe(false);
		await clock.advance(19);
		expect(drained).toBe(false);
		await clock.advance(1);
		expect(drained).toBe(true);
		expect(a.writable).toBe(true);
	});

	it("lets a close arrive behind the messages sent before it", async () => {
		const clock = new ManualClock();
		const [a, b] = memoryChannelPair({ clock, latencyMs: 10 });
		const atB = new ChannelProbe();
		a.start(new ChannelProbe());
		b.start(atB);
		a.send(new Uint8Array(10));
		a.close();
		await clock.advance(9);
		expect(atB.closes).toHaveLength(0);
		await clock.advance(1);
		expect(atB.messages).toHaveLength(1);
		expect(atB.closes).toEqual([undefined]);
	});
});
