import { describe, expect, it, vi } from "vitest";
import { memoryChannelPair } from "../channel/memory-channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import {
	answer,
	bytesValue,
	call,
	echo,
	Listener,
	pattern,
	request,
	sessions,
} from "./testing/linked-sessions.js";

describe("Session", () => {
	it("carries a small call there and back, and forgets it at both ends", async () => {
		const { caller, node, connect, clock } = sessions(echo);
		connect("relay");
		const { listener } = call(caller, pattern(10));
		await clock.advance(50);
		expect(listener.heard.map((header) => header.type)).toEqual([
			"accepted",
			"function_response",
		]);
		expect(listener.values[1]?.body).toEqual(pattern(10));
		expect(listener.over).toBe(true);
		expect(caller.activeCalls).toBe(0);
		expect(node.activeCalls).toBe(0);
	});

	it.each([0, 1, 65_536, 1_048_576, 9_000_001])(
		"carries %i bytes both ways unharmed",
		async (size) => {
			const { caller, connect, clock } = sessions(echo);
			connect("relay", { latencyMs: 2, bytesPerMs: 100_000 });
			const body = pattern(size);
			const { listener } = call(caller, body);
			await clock.advance(5_000);
			expect(listener.error).toBeUndefined();
			expect(
				Buffer.compare(listener.values[1]?.body ?? Buffer.of(), body),
			).toBe(0);
		},
	);

	it("lets what is ready go while a turn makes many calls more", async () => {
		const { caller, connect, clock } = sessions(echo);
		const { a } = connect("relay");
		await clock.advance(50);
		const send = vi.spyOn(a, "send");
		const calls = Array.from({ length: 60 }, () => call(caller, pattern(10)));
		expect(send).toHaveBeenCalledTimes(2);
		await Promise.resolve();
		expect(send).toHaveBeenCalledTimes(3);
		await clock.advance(50);
		for (const { listener } of calls)
			expect(listener.values[1]?.body).toEqual(pattern(10));
	});

	it("sends bulk from one buffer over a channel that has its own copies", async () => {
		const { caller, node, clock } = sessions(echo);
		const [a, b] = memoryChannelPair({ clock });
		const buffers: ArrayBufferLike[] = [];
		caller.addPath("relay", {
			maxMessageBytes: a.maxMessageBytes,
			copiesFrom: 0,
			get writable() {
				return a.writable;
			},
			start: (events) => a.start(events),
			send: (message) => {
				buffers.push(message.buffer);
				a.send(message.slice());
				message.fill(0);
			},
			close: (error) => a.close(error),
		});
		node.addPath("relay", b);
		const body = pattern(8_000_000);
		const { listener } = call(caller, body);
		await clock.advance(5_000);
		expect(Buffer.compare(listener.values[1]?.body ?? Buffer.of(), body)).toBe(
			0,
		);
		expect(buffers.length).toBeGreaterThan(40);
		// It has grown a few times, to the size of the largest message.
		expect(new Set(buffers).size).toBeLessThan(15);
	});

	it("brings attachments in buffers of their own", async () => {
		const { caller, served, connect, clock } = sessions();
		connect("relay");
		const end = caller.open(new Listener(), "any");
		end.send(request("echo"), {
			format: "msgpack",
			body: pattern(3),
			attachments: [pattern(70_000), new Uint8Array(0), pattern(200_001, 7)],
		});
		await clock.advance(100);
		const value = served[0]?.listener.values[0];
		expect(value?.attachments.map((buffer) => buffer.length)).toEqual([
			70_000, 0, 200_001,
		]);
		expect(value?.attachments[2]).toEqual(pattern(200_001, 7));
		expect(value?.attachments.every((one) => one.byteOffset === 0)).toBe(true);
	});

	it("lets a small call pass a large one", async () => {
		const { caller, connect, clock } = sessions(echo);
		connect("relay", { latencyMs: 5, bytesPerMs: 2_000 });
		const large = call(caller, pattern(8_000_000));
		await clock.advance(1_000);
		const small = call(caller, pattern(10));
		await clock.advance(300);
		expect(small.listener.over).toBe(true);
		expect(large.listener.over).toBe(false);
		await clock.advance(20_000);
		expect(large.listener.over).toBe(true);
	});

	it("stops the sender of a stream whose reader does not release", async () => {
		const { caller, served, connect, clock } = sessions();
		connect("relay");
		const { listener } = call(caller, pattern(1));
		listener.keep = true;
		await clock.advance(10);
		const producer = served[0];
		if (!producer) throw new Error("the call did not arrive");
		let sent = 0;
		const produce = () => {
			while (producer.call.writable && sent < 400) {
				producer.call.send(
					{ type: "stream_data" },
					bytesValue(pattern(65_536)),
				);
				sent += 1;
			}
		};
		producer.listener.drained = produce;
		produce();
		await clock.advance(1_000);
		const stalled = sent;
		// The credit window, what waits to be sent, and the message across the edge.
		expect(stalled * 65_536).toBeLessThan(6 * 1024 * 1024);
		listener.keep = false;
		for (const release of listener.releases.splice(0)) release();
		await clock.advance(1_000);
		expect(sent).toBe(400);
		expect(listener.heard.length).toBe(400);
	});

	it("tells the far end of a cancelled call, once, and drops what comes late", async () => {
		const { caller, node, served, connect, clock } = sessions();
		connect("relay");
		const { end, listener } = call(caller, pattern(5));
		await clock.advance(5);
		end.cancel(new EasyRemoteError("CANCELLED", "changed my mind"));
		end.cancel(new EasyRemoteError("CANCELLED", "again"));
		await clock.advance(5);
		expect(served[0]?.listener.error).toMatchObject({
			code: "CANCELLED",
			message: "changed my mind",
		});
		const late = served[0];
		if (late) answer(late, pattern(3));
		await clock.advance(50);
		expect(listener.heard).toEqual([]);
		expect(listener.error).toBeUndefined();
		expect([caller.activeCalls, node.activeCalls]).toEqual([0, 0]);
	});

	it("believes an end that left in order: what it had not answered did not start", async () => {
		const { caller, node, connect, clock } = sessions();
		connect("relay", { latencyMs: 5 });
		const late = call(caller, pattern(1));
		node.close(
			new EasyRemoteError("UNAVAILABLE", "shut down", {
				details: { started: "no" },
			}),
		);
		await clock.advance(20);
		expect(late.listener.error).toMatchObject({
			code: "UNAVAILABLE",
			retryable: true,
		});
	});

	it("ends every call at both ends when one end closes", async () => {
		const { caller, node, served, connect, clock } = sessions();
		connect("relay");
		connect("direct");
		const { listener } = call(caller, pattern(1));
		await clock.advance(5);
		caller.close();
		await clock.advance(5);
		expect(listener.error?.code).toBe("CANCELLED");
		expect(served[0]?.listener.error?.code).toBe("CANCELLED");
		expect([caller.closed, node.closed]).toEqual([true, true]);
		expect(clock.pending).toBe(0);
	});

	it("carries calls of both ends at once", async () => {
		const { caller, node, connect, clock } = sessions(echo);
		connect("relay");
		const many = Array.from({ length: 300 }, (_, index) =>
			call(caller, pattern(index)),
		);
		const back = call(node, pattern(3));
		await clock.advance(100);
		expect(many.every(({ listener }) => listener.over)).toBe(true);
		expect(back.listener.error?.code).toBe("UNIMPLEMENTED");
	});
});
