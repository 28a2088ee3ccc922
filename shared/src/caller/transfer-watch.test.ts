import { describe, expect, it } from "vitest";
import { ManualClock } from "../time/manual-clock.js";
import type { TransferProgress } from "./call-progress.js";
import { type MovingEnd, TransferWatch } from "./transfer-watch.js";

const MIB = 1024 ** 2;

function fixture() {
	const clock = new ManualClock();
	const told: (TransferProgress & { readonly at: number })[] = [];
	const startedAt = clock.monotonic();
	const watch = new TransferWatch(clock, (progress) =>
		told.push({ ...progress, at: clock.monotonic() - startedAt }),
	);
	return { clock, told, watch };
}

function end(moved: Partial<MovingEnd>): MovingEnd {
	return {
		bytesSent: 0,
		sendTotal: undefined,
		bytesReceived: 0,
		incoming: { received: 0, total: 0 },
		...moved,
	};
}

describe("reports of a transfer", () => {
	it("are at most ten a second, however many frames there are", async () => {
		const { clock, told, watch } = fixture();
		const moving = { ...end({ sendTotal: 10 * MIB }) };
		for (let ms = 0; ms < 950; ms += 1) {
			moving.bytesSent = ms * 10_000;
			watch.moved(moving, false);
			await clock.advance(1);
		}
		expect(told).toHaveLength(10);
		expect(told.map(({ at }) => at)).toEqual(
			Array.from({ length: 10 }, (_, index) => index * 100),
		);
		watch.finish(true);
		expect(clock.pending).toBe(0);
	});

	it("say how far it is when it stands still, without another frame", async () => {
		const { clock, told, watch } = fixture();
		watch.moved(end({ bytesSent: MIB, sendTotal: 4 * MIB }), false);
		watch.moved(end({ bytesSent: 2 * MIB, sendTotal: 4 * MIB }), false);
		expect(told).toHaveLength(1);
		await clock.advance(100);
		expect(told.at(-1)).toMatchObject({ sent: 2 * MIB, sendTotal: 4 * MIB });
	});

	it("end with one that has everything, though its time had not come", async () => {
		const { clock, told, watch } = fixture();
		const { incoming, ...whole } = end({ bytesReceived: 2 * MIB });
		watch.moved(
			end({ bytesReceived: MIB, incoming: { received: MIB, total: 2 * MIB } }),
			false,
		);
		expect(told.at(-1)).toMatchObject({ received: MIB, receiveTotal: 2 * MIB });
		watch.moved({ ...whole, incoming }, false);
		watch.finish(true);
		expect(told.at(-1)).toMatchObject({
			received: 2 * MIB,
			receiveTotal: 2 * MIB,
		});
		await clock.advance(1_000);
		expect(told).toHaveLength(2);
	});

	it("do not come twice with the same figures", () => {
		const { told, watch } = fixture();
		watch.moved(end({ bytesSent: MIB, sendTotal: MIB }), false);
		watch.finish(false);
		expect(told).toHaveLength(1);
	});

	it("say no total of what nobody knows the length of", () => {
		const { told, watch } = fixture();
		// An item of a stream has a length, the stream has none.
		const incoming = { received: MIB, total: 2 * MIB };
		watch.moved(end({ bytesReceived: 9 * MIB, incoming }), true);
		expect(told).toEqual([
			{ type: "transfer", sent: 0, received: 9 * MIB, at: 0 },
		]);
	});

	it("are not made of small calls", () => {
		const { clock, told, watch } = fixture();
		watch.moved(end({ bytesSent: 1000, sendTotal: 1000 }), false);
		watch.finish(true);
		expect(told).toEqual([]);
		expect(clock.pending).toBe(0);
	});
});
