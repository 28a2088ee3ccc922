import { describe, expect, it } from "vitest";
import { deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { ManualClock } from "../time/manual-clock.js";
import { dataChannel } from "./data-channel.js";
import type { DataChannelEvent, DataChannelLike } from "./data-channel-like.js";
import { describeChannel } from "./testing/channel-conformance.js";
import { ChannelProbe } from "./testing/channel-probe.js";
import { rtcPair } from "./testing/rtc-pair.js";

describeChannel("data channel", async () => {
	const pair = await rtcPair();
	const a = dataChannel(pair.a);
	const b = dataChannel(pair.b);
	await pair.connect();
	await Promise.all([a.opened, b.opened]);
	return {
		a,
		b,
		dispose: async () => {
			a.close();
			b.close();
			await Promise.all([a.released, b.released]);
			pair.close();
		},
	};
});

describe("a data channel of node-datachannel", () => {
	it("reports a connection that breaks", async () => {
		const pair = await rtcPair();
		const [a, b] = [dataChannel(pair.a), dataChannel(pair.b)];
		const [atA, atB] = [new ChannelProbe(), new ChannelProbe()];
		await pair.connect();
		await Promise.all([a.opened, b.opened]);
		a.start(atA);
		b.start(atB);
		pair.close();
		await Promise.all([atA.ended, atB.ended, a.released, b.released]);
		expect(atA.closes[0]?.code).toBe("UNAVAILABLE");
		expect(atB.closes[0]?.code).toBe("UNAVAILABLE");
	});

	it("is never handed more than 8 MiB that it has not sent", async () => {
		const MIB = 1024 ** 2;
		const pair = await rtcPair();
		let most = 0;
		const send = pair.a.send.bind(pair.a) as (data: Uint8Array) => void;
		pair.a.send = ((data: Uint8Array) => {
			send(data);
			most = Math.max(most, pair.a.bufferedAmount);
		}) as typeof pair.a.send;
		const [a, b] = [dataChannel(pair.a), dataChannel(pair.b)];
		await pair.connect();
		await Promise.all([a.opened, b.opened]);
		let received = 0;
		const all = deferred();
		a.start(new ChannelProbe());
		b.start({
			message: ({ length }) => {
				received += length;
				if (received === 64 * MIB) all.resolve();
			},
			drained: () => undefined,
			closed: (error) => all.reject(error),
		});
		// A sender that pays no heed to `writable`: what does not fit waits on our side.
		for (let sent = 0; sent < 64 * MIB; sent += a.maxMessageBytes)
			a.send(new Uint8Array(a.maxMessageBytes));
		await all.promise;
		expect(most).toBeGreaterThan(MIB);
		expect(most).toBeLessThanOrEqual(8 * MIB);
		a.close();
		await Promise.all([a.released, b.released]);
		pair.close();
	});

	it("never opens when it is closed before", async () => {
		const pair = await rtcPair();
		const a = dataChannel(pair.a);
		a.close();
		pair.close();
		await expect(a.opened).rejects.toMatchObject({ code: "UNAVAILABLE" });
	});
});

/** A data channel whose buffer is drained by hand, without the low-water event. */
class FakeRtc implements DataChannelLike {
	readyState = "open";
	binaryType = "blob";
	buffered = 0;
	reads = 0;
	failing = false;
	readonly sent: (Uint8Array | string)[] = [];
	readonly #listeners = new Map<string, (event: DataChannelEvent) => void>();

	get bufferedAmount(): number {
		this.reads += 1;
		return this.buffered;
	}

	send(data: Uint8Array | string): void {
		if (this.failing) throw new Error("OperationError");
		this.sent.push(data);
		this.buffered += data.length;
	}

	close(): void {
		this.readyState = "closed";
	}

	addEventListener(
		type: string,
		listener: (event: DataChannelEvent) => void,
	): void {
		this.#listeners.set(type, listener);
	}

	receive(data: unknown): void {
		this.#listeners.get("message")?.({ type: "message", data });
	}
}

function fakeChannel() {
	const clock = new ManualClock();
	const rtc = new FakeRtc();
	const channel = dataChannel(rtc, { clock });
	const probe = new ChannelProbe();
	channel.start(probe);
	return { clock, rtc, channel, probe };
}

describe("a data channel without events", () => {
	it("is open when it was so from the start", async () => {
		const { channel } = fakeChannel();
		await expect(channel.opened).resolves.toBeUndefined();
	});

	it("notices by itself that it opened, and that it closed", async () => {
		const clock = new ManualClock();
		const rtc = new FakeRtc();
		rtc.readyState = "connecting";
		const channel = dataChannel(rtc, { clock });
		const opened = deferred();
		channel.opened.then(opened.resolve, opened.reject);
		rtc.readyState = "open";
		await clock.advance(1000);
		await opened.promise;
		const probe = new ChannelProbe();
		channel.start(probe);
		rtc.readyState = "closed";
		await clock.advance(1000);
		expect(probe.closes[0]?.code).toBe("UNAVAILABLE");
		await channel.released;
		expect(clock.pending).toBe(0);
	});

	it("never holds more than 8 MiB, keeps the rest, and asks for the buffer rarely", async () => {
		const { clock, rtc, channel } = fakeChannel();
		const size = channel.maxMessageBytes;
		for (let index = 0; index < 320; index += 1) {
			const message = new Uint8Array(size);
			new DataView(message.buffer).setUint32(0, index);
			channel.send(message);
		}
		expect(channel.writable).toBe(false);
		expect(rtc.buffered).toBeLessThanOrEqual(6 * 1024 * 1024);
		expect(rtc.reads).toBeLessThan(10);
		while (!channel.writable) {
			rtc.buffered = 0;
			await clock.advance(5);
			expect(rtc.buffered).toBeLessThanOrEqual(6 * 1024 * 1024);
		}
		const order = rtc.sent.map((message) =>
			new DataView((message as Uint8Array).buffer).getUint32(0),
		);
		expect(order).toEqual(Array.from({ length: 320 }, (_, index) => index));
	});

	it("keeps a copy of what waits: senders write over their messages", async () => {
		const { clock, rtc, channel } = fakeChannel();
		const message = new Uint8Array(channel.maxMessageBytes);
		while (channel.writable) channel.send(message);
		const handedOver = rtc.sent.length;
		channel.send(message.fill(1));
		message.fill(2);
		rtc.buffered = 0;
		await clock.advance(5);
		expect(rtc.sent).toHaveLength(handedOver + 1);
		expect(rtc.sent.at(-1)?.at(0)).toBe(1);
	});

	it("says goodbye behind what waits, and goes when nobody answers", async () => {
		const { clock, rtc, channel, probe } = fakeChannel();
		while (channel.writable) channel.send(new Uint8Array(65_536));
		channel.send(new Uint8Array(7));
		channel.close();
		await clock.advance(5);
		expect(probe.closes).toEqual([undefined]);
		expect(rtc.sent).not.toContain("bye");
		rtc.buffered = 0;
		await clock.advance(5);
		expect(rtc.sent.slice(-2)).toEqual([new Uint8Array(7), "bye"]);
		await clock.advance(5000);
		await channel.released;
		expect(rtc.readyState).toBe("closed");
		expect(clock.pending).toBe(0);
	});

	it.each([
		["bye", undefined],
		["bye RESOURCE_EXHAUSTED", "RESOURCE_EXHAUSTED"],
		["bye __proto__", "INVALID_ARGUMENT"],
		["hello", "INVALID_ARGUMENT"],
		[{ size: 3 }, "INVALID_ARGUMENT"],
	])("takes the message %j for an end with %s", (data, code) => {
		const { rtc, probe } = fakeChannel();
		rtc.receive(data);
		expect(probe.closes.map((error) => error?.code)).toEqual([code]);
		expect(rtc.readyState).toBe("closed");
	});

	it("ends when its data channel refuses a message", () => {
		const { rtc, channel, probe } = fakeChannel();
		rtc.failing = true;
		channel.send(new Uint8Array(10));
		expect(probe.closes[0]).toBeInstanceOf(EasyRemoteError);
		expect(probe.closes[0]?.code).toBe("UNAVAILABLE");
	});
});
