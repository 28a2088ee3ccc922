import { describe, expect, it } from "vitest";
import { type Deferred, deferred } from "../async/deferred.js";
import type {
	PeerAttempt,
	PeerAttemptOptions,
} from "../peer/peer-connector.js";
import { ManualClock } from "../time/manual-clock.js";
import { PeerSlots } from "./peer-slots.js";

const OPTIONS: PeerAttemptOptions = {
	initiator: false,
	iceServers: [],
	send: () => undefined,
};

/** A connector whose peer connections end when the test says so. */
function fixture(most: number, make?: () => PeerAttempt) {
	const ends: Deferred<void>[] = [];
	const slots = new PeerSlots(
		{
			connect: () => {
				if (make) return make();
				const ended = deferred();
				ends.push(ended);
				return {
					opened: new Promise(() => undefined),
					ended: ended.promise,
					signal: () => undefined,
					close: () => undefined,
				};
			},
		},
		most,
	);
	return { slots, ends };
}

/** Lets promises that follow from each other settle. */
const settled = () => new ManualClock().advance(0);

describe("slots for peer connections", () => {
	it("are given in the order in which they were asked for", async () => {
		const { slots, ends } = fixture(1);
		for (let count = 0; count < 3; count += 1) slots.connect(OPTIONS);
		expect(ends).toHaveLength(1);
		ends[0]?.resolve();
		await settled();
		expect(ends).toHaveLength(2);
	});

	it("are not kept for an attempt that was given up while it waited", async () => {
		const { slots, ends } = fixture(1);
		slots.connect(OPTIONS);
		const waiting = slots.connect(OPTIONS);
		waiting.close();
		await expect(waiting.opened).rejects.toMatchObject({ code: "CANCELLED" });
		await waiting.ended;
		ends[0]?.resolve();
		await settled();
		expect(ends).toHaveLength(1);
	});

	it("are free again when a connection cannot even be begun", async () => {
		let tried = 0;
		const { slots } = fixture(1, () => {
			tried += 1;
			throw new Error("no WebRTC here");
		});
		for (let count = 0; count < 2; count += 1) {
			const attempt = slots.connect(OPTIONS);
			await expect(attempt.opened).rejects.toThrow("no WebRTC here");
			await attempt.ended;
		}
		expect(tried).toBe(2);
	});
});
