import { MessageChannel } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { portChannel } from "./port-channel.js";
import { describeChannel } from "./testing/channel-conformance.js";
import { ChannelProbe } from "./testing/channel-probe.js";

function portPair() {
	const { port1, port2 } = new MessageChannel();
	const dispose = (): Promise<void> => {
		port1.close();
		port2.close();
		return Promise.resolve();
	};
	return { port1, port2, dispose };
}

describeChannel("message port", async () => {
	const { port1, port2, dispose } = portPair();
	return { a: portChannel(port1), b: portChannel(port2), dispose };
});

describe("a message port", () => {
	it("moves whole buffers and copies parts", async () => {
		const { port1, port2, dispose } = portPair();
		const [a, b] = [portChannel(port1), portChannel(port2)];
		const atB = new ChannelProbe();
		a.start(new ChannelProbe());
		b.start(atB);
		const whole = new Uint8Array(1000).fill(1);
		const part = new Uint8Array(1000).fill(2).subarray(10, 20);
		a.send(whole);
		a.send(part);
		await atB.count(2);
		expect(whole.length).toBe(0);
		expect(part.length).toBe(10);
		expect(atB.at(0)).toEqual(new Uint8Array(1000).fill(1));
		expect(atB.at(1)).toEqual(new Uint8Array(10).fill(2));
		expect(atB.at(1).buffer.byteLength).toBe(10);
		await dispose();
	});

	it.each([
		["a foreign object", { credit: "much" }],
		["a string", "hello"],
		["an empty message", new Uint8Array(0)],
		["a message over the limit", new Uint8Array(256 * 1024 + 1)],
	])("closes both ends at %s", async (_what, hostile) => {
		const { port1, port2, dispose } = portPair();
		const [a, b] = [portChannel(port1), portChannel(port2)];
		const [atA, atB] = [new ChannelProbe(), new ChannelProbe()];
		a.start(atA);
		b.start(atB);
		port1.postMessage(hostile);
		await Promise.all([atA.ended, atB.ended]);
		expect(atA.closes[0]?.code).toBe("INVALID_ARGUMENT");
		expect(atB.closes[0]?.code).toBe("INVALID_ARGUMENT");
		await dispose();
	});

	it("notices that the other end is gone", async () => {
		const { port1, port2, dispose } = portPair();
		const a = portChannel(port1);
		const atA = new ChannelProbe();
		a.start(atA);
		port2.close();
		await atA.ended;
		expect(atA.closes[0]?.code).toBe("UNAVAILABLE");
		await dispose();
	});
});
