import { describe, expect, it } from "vitest";
import { memoryChannelPair } from "../channel/memory-channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { FRAME, forEachFrame, type IncomingFrame } from "./frame.js";
import { call, echo, pattern, sessions } from "./testing/linked-sessions.js";

describe("a session whose paths come and go", () => {
	it("prefers the direct path for new calls and keeps what runs where it is", async () => {
		const { caller, served, connect, clock } = sessions();
		connect("relay");
		const first = call(caller, pattern(1));
		await clock.advance(5);
		connect("direct");
		const second = call(caller, pattern(1));
		const third = call(caller, pattern(1), "relay");
		await clock.advance(5);
		expect([first, second, third].map(({ end }) => end.path?.kind)).toEqual([
			"relay",
			"direct",
			"relay",
		]);
		expect(served.map((one) => one.call.path?.kind)).toEqual([
			"relay",
			"direct",
			"relay",
		]);
	});

	it("goes on over the other path when one dies in both directions of a transfer", async () => {
		const { caller, served, connect, clock } = sessions(echo);
		connect("relay", { latencyMs: 3, bytesPerMs: 20_000 });
		const direct = connect("direct", { latencyMs: 3, bytesPerMs: 20_000 });
		const body = pattern(6_000_000);
		const { end, listener } = call(caller, body);
		await clock.advance(150);
		expect(end.path?.kind).toBe("direct");
		expect(end.bytesSent).toBeGreaterThan(0);
		direct.a.close(new EasyRemoteError("UNAVAILABLE", "pulled"));
		await clock.advance(400);
		expect(end.path?.kind).toBe("relay");
		// … and back, while the answer is under way.
		const again = connect("direct", { latencyMs: 3, bytesPerMs: 20_000 });
		await clock.advance(50);
		caller.dropPath("relay");
		await clock.advance(60);
		expect(end.path?.kind).toBe("direct");
		await clock.advance(5_000);
		expect(Buffer.compare(listener.values[1]?.body ?? Buffer.of(), body)).toBe(
			0,
		);
		expect(served.length).toBe(1);
		again.a.close();
	});

	it("fails a call bound to the direct path when that path is gone for good", async () => {
		const { caller, connect, clock } = sessions();
		connect("relay");
		const direct = connect("direct");
		const { end, listener } = call(caller, pattern(10), "direct");
		await clock.advance(5);
		direct.b.close(new EasyRemoteError("UNAVAILABLE", "pulled"));
		await clock.advance(2_000);
		expect(end.path).toBeUndefined();
		expect(listener.error?.code).toBe("UNAVAILABLE");
	});

	it("resumes after a while without any path", async () => {
		const { caller, served, connect, clock, log } = sessions(echo);
		const first = connect("relay", { latencyMs: 1, bytesPerMs: 5_000 });
		const body = pattern(2_000_000);
		const { listener } = call(caller, body);
		await clock.advance(100);
		first.a.close(new EasyRemoteError("UNAVAILABLE", "gateway restarted"));
		await clock.advance(1_000);
		expect(log).toEqual(["stranded"]);
		connect("relay", { latencyMs: 1, bytesPerMs: 50_000 });
		await clock.advance(3_000);
		expect(Buffer.compare(listener.values[1]?.body ?? Buffer.of(), body)).toBe(
			0,
		);
		expect(served.length).toBe(1);
	});

	it("does not hold an answer whose acknowledgement went down with its path", async () => {
		const { caller, node, connect, clock } = sessions(echo);
		connect("relay", { latencyMs: 4 });
		const { listener } = call(caller, pattern(10));
		await clock.advance(9);
		expect(listener.over).toBe(true);
		expect(node.activeCalls).toBe(1);
		connect("relay");
		await clock.advance(5);
		expect(node.activeCalls).toBe(0);
	});

	it("says of each call what is known when no path comes back", async () => {
		const { caller, served, connect, clock, log } = sessions();
		const { a } = connect("relay");
		const accepted = call(caller, pattern(1));
		const sent = call(caller, pattern(1));
		await clock.advance(5);
		served[0]?.call.send({ type: "accepted", queuedMs: 0, stream: false });
		await clock.advance(5);
		a.close(new EasyRemoteError("UNAVAILABLE", "unplugged"));
		const unsent = call(caller, pattern(1));
		await clock.advance(1_600);
		expect(accepted.listener.error).toMatchObject({
			code: "ABORTED",
			retryable: false,
		});
		expect(sent.listener.error).toMatchObject({
			code: "UNAVAILABLE",
			retryable: false,
		});
		expect(unsent.listener.error).toMatchObject({
			code: "UNAVAILABLE",
			retryable: true,
		});
		expect(log).toEqual(["stranded", "closed UNAVAILABLE"]);
		await clock.advance(30_000);
		expect(served[0]?.listener.error?.code).toBe("CANCELLED");
		expect(clock.pending).toBe(0);
	});

	it("tells the far end of a new path how much may wait on its way here", async () => {
		const { caller, clock } = sessions();
		const [near, far] = memoryChannelPair({ clock });
		const frames: IncomingFrame[] = [];
		far.start({
			message: (bytes) => forEachFrame(bytes, (frame) => frames.push(frame)),
			drained: () => undefined,
			closed: () => undefined,
		});
		caller.addPath("direct", near, { roomBytes: 200_000 });
		await clock.advance(1);
		expect(frames[0]).toMatchObject({ type: FRAME.ping, call: 200_000 });
	});

	it.each([
		["neither end", 0, 0, 70_000, 200_000],
		["only the far end", 0, 1_000_000, 70_000, 200_000],
		["only this end", 1_000_000, 0, 70_000, 200_000],
		["both ends", 1_000_000, 1_000_000, 250_000, 1_000_000],
	])(
		"lets more wait on its way where there is room for it: %s",
		async (_who, near, far, least, most) => {
			const { caller, node, served, clock } = sessions();
			const link = { latencyMs: 0.1, bytesPerMs: 100_000 };
			const [a, b] = memoryChannelPair({ clock, ...link });
			caller.addPath("direct", a, { roomBytes: near });
			node.addPath("direct", b, { roomBytes: far });
			await clock.advance(2);
			const { end } = call(caller, new Uint8Array(30_000_000));
			let waiting = 0;
			for (let ms = 0; ms < 150; ms += 1) {
				await clock.advance(1);
				const received = served[0]?.call.bytesReceived ?? 0;
				waiting = Math.max(waiting, end.bytesSent - received);
			}
			expect(waiting).toBeGreaterThan(least);
			expect(waiting).toBeLessThan(most);
		},
	);

	it("notices a silent direct path by itself", async () => {
		const { caller, clock } = sessions();
		const [a] = memoryChannelPair({ clock });
		caller.addPath("direct", a);
		await clock.advance(9_000);
		expect(caller.paths.direct).toBeUndefined();
	});

	it("notices within the time given when asked to probe", async () => {
		const { caller, connect, clock } = sessions();
		connect("relay");
		connect("direct");
		const [deaf] = memoryChannelPair({ clock });
		caller.probe("direct", 500);
		await clock.advance(600);
		expect(caller.paths.direct).toBeDefined();
		caller.addPath("direct", deaf);
		caller.probe("direct", 500);
		await clock.advance(600);
		expect(caller.paths.direct).toBeUndefined();
		expect(caller.paths.relay).toBeDefined();
	});
});
