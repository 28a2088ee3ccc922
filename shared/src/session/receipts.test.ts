import { describe, expect, it } from "vitest";
import { memoryChannelPair } from "../channel/memory-channel.js";
import { tapChannel } from "../channel/tap-channel.js";
import { PROTOCOL } from "../protocol/constants.js";
import { FRAME, forEachFrame } from "./frame.js";
import { call, echo, pattern, sessions } from "./testing/linked-sessions.js";

/** Two ends, and how many frames that acknowledge have gone either way. */
function connected() {
	const { caller, node, clock } = sessions(echo);
	const [a, b] = memoryChannelPair({ clock });
	let acknowledgements = 0;
	const look = (message: Uint8Array) =>
		forEachFrame(message, ({ type }) => {
			if (type === FRAME.ack) acknowledgements += 1;
		});
	caller.addPath("relay", tapChannel(a, { sent: look, received: look }));
	node.addPath("relay", b);
	return { caller, node, clock, acknowledgements: () => acknowledgements };
}

describe("what is acknowledged", () => {
	it("rides on the answer where calls are few", async () => {
		const { caller, node, clock, acknowledgements } = connected();
		await clock.advance(100);
		call(caller, pattern(10));
		await clock.advance(1);
		expect(acknowledgements()).toBe(1);
		// That of the answer has nothing to ride on.
		await clock.advance(PROTOCOL.ackDelayMs);
		expect(acknowledgements()).toBe(2);
		expect(node.activeCalls).toBe(0);
	});

	it("is said once for many small calls in quick succession", async () => {
		const { caller, node, clock, acknowledgements } = connected();
		await clock.advance(100);
		for (let count = 0; count < 40; count += 1) {
			call(caller, pattern(10));
			await clock.advance(0.1);
		}
		expect(acknowledgements()).toBeLessThan(8);
		await clock.advance(PROTOCOL.ackDelayMs);
		expect(node.activeCalls).toBe(0);
	});

	it("is said for so many bytes at the latest", async () => {
		const { caller, clock, acknowledgements } = connected();
		await clock.advance(100);
		call(caller, pattern(10 * PROTOCOL.ackBytes));
		await clock.advance(1);
		expect(acknowledgements()).toBeGreaterThanOrEqual(2);
	});
});
