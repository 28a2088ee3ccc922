import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Signal } from "../protocol/control-messages.js";
import {
	INITIAL_UPGRADE,
	stepUpgrade,
	type UpgradeEvent,
	type UpgradeState,
} from "./upgrade-state.js";

const offer: Signal = { kind: "description", type: "offer", sdp: "v=0" };
const answer: Signal = { kind: "description", type: "answer", sdp: "v=0" };

/** Feeds events one by one; answers the last step. */
function run(
	events: readonly UpgradeEvent[],
	initiator: boolean,
	from: UpgradeState = INITIAL_UPGRADE,
) {
	let step = stepUpgrade(
		from,
		{ type: "signal", attempt: -1, signal: offer },
		initiator,
	);
	for (const event of events) step = stepUpgrade(step.state, event, initiator);
	return step;
}

const failed = { type: "failed", reason: "no way", repeat: false } as const;
const lost = { type: "lost", reason: "cut", young: false } as const;

describe("the opener", () => {
	it("begins when a path is wanted, once", () => {
		const first = run([{ type: "wanted" }], true);
		expect(first.state.phase).toBe("connecting");
		expect(first.effects).toEqual([{ type: "connect", attempt: 1 }]);
		expect(run([{ type: "wanted" }, { type: "wanted" }], true).effects).toEqual(
			[],
		);
	});

	it("gives only signals of the running attempt to it", () => {
		const wanted: UpgradeEvent = { type: "wanted" };
		expect(
			run([wanted, { type: "signal", attempt: 1, signal: answer }], true)
				.effects,
		).toEqual([{ type: "deliver", signal: answer }]);
		for (const attempt of [0, 2]) {
			expect(
				run([wanted, { type: "signal", attempt, signal: answer }], true)
					.effects,
			).toEqual([]);
		}
	});

	it("waits longer after each failure, and not at all when one more try may do", () => {
		const one = run([{ type: "wanted" }, { ...failed, attempt: 1 }], true);
		expect(one.state).toMatchObject({
			phase: "failed",
			reason: "no way",
			failures: 1,
		});
		expect(one.effects).toContainEqual({ type: "plan", failures: 1 });
		const two = run(
			[
				{ type: "retry", inUse: true },
				{ ...failed, attempt: 2 },
			],
			true,
			one.state,
		);
		expect(two.effects).toContainEqual({ type: "plan", failures: 2 });
		const again = run(
			[{ type: "wanted" }, { ...failed, attempt: 1, repeat: true }],
			true,
		);
		expect(again.state).toMatchObject({ phase: "connecting", attempt: 2 });
		const enough = run(
			[2, 3, 4].map((attempt) => ({ ...failed, attempt, repeat: true })),
			true,
			again.state,
		);
		expect(enough.state.phase).toBe("failed");
	});

	it("begins anew when the network has changed, unless nobody needs it", () => {
		const one = run([{ type: "wanted" }, { ...failed, attempt: 1 }], true);
		const changed = { type: "network_changed" } as const;
		const used = run([{ ...changed, inUse: true }], true, one.state);
		expect(used.state).toMatchObject({ phase: "connecting", attempt: 2 });
		const unused = run([{ ...changed, inUse: false }], true, one.state);
		expect(unused.state.phase).toBe("idle");
		const open = run([{ type: "opened", attempt: 2 }], true, used.state);
		const kept = run([{ ...changed, inUse: true }], true, open.state);
		expect(kept.state).toEqual(open.state);
	});

	it("begins anew when the network changes under an attempt, whoever needs it then", () => {
		const one = run([{ type: "wanted" }], true);
		for (const inUse of [true, false]) {
			const anew = run([{ type: "network_changed", inUse }], true, one.state);
			expect(anew.effects).toEqual([{ type: "connect", attempt: 2 }]);
		}
	});

	it("does not wait for another path where a young one was lost to a change of the network", () => {
		const changed = { type: "network_changed", inUse: true } as const;
		const open = run(
			[{ type: "wanted" }, { type: "opened", attempt: 1 }],
			true,
		).state;
		const lostYoung = { ...lost, attempt: 1, young: true } as const;
		const before = run([changed, lostYoung], true, open);
		expect(before.effects).toContainEqual({ type: "plan", failures: 0 });
		const waiting = run([lostYoung], true, open);
		expect(waiting.effects).toContainEqual({ type: "plan", failures: 1 });
		const after = run([changed], true, waiting.state);
		expect(after.effects).toEqual([{ type: "connect", attempt: 2 }]);
	});

	it("does not begin anew while it waits, nor for a session without calls", () => {
		const one = run([{ type: "wanted" }, { ...failed, attempt: 1 }], true);
		expect(run([{ type: "wanted" }], true, one.state).state.phase).toBe(
			"failed",
		);
		const unused = run([{ type: "retry", inUse: false }], true, one.state);
		expect(unused.state.phase).toBe("idle");
		expect(run([{ type: "wanted" }], true, unused.state).state.attempt).toBe(2);
	});

	it("comes back soon after a good path was lost, and not after one closed on purpose", () => {
		const open = run(
			[{ type: "wanted" }, { type: "opened", attempt: 1 }],
			true,
		).state;
		expect(open).toMatchObject({ phase: "open", reason: undefined });
		expect(run([{ ...lost, attempt: 1 }], true, open).effects).toContainEqual({
			type: "plan",
			failures: 0,
		});
		expect(
			run([{ ...lost, attempt: 1, young: true }], true, open).effects,
		).toContainEqual({ type: "plan", failures: 1 });
		const parted = run(
			[{ ...lost, attempt: 1, reason: undefined }],
			true,
			open,
		);
		expect(parted.state.phase).toBe("idle");
		expect(parted.effects).toEqual([{ type: "drop" }]);
	});

	it.each([
		[
			"a good path was lost",
			[
				{ type: "opened", attempt: 1 },
				{ ...lost, attempt: 1 },
			],
		],
		[
			"the network has changed",
			[
				{ ...failed, attempt: 1 },
				{ type: "network_changed", inUse: false },
			],
		],
	] as const)("tries again soon, twice, where %s", (_, events) => {
		let { state } = run([{ type: "wanted" }, ...events], true);
		const waits: unknown[] = [];
		for (const attempt of [2, 3, 4]) {
			const retry = { type: "retry", inUse: true } as const;
			const step = run([retry, { ...failed, attempt }], true, state);
			waits.push(step.effects.at(-1));
			({ state } = step);
		}
		expect(waits).toEqual([
			{ type: "plan", failures: 0 },
			{ type: "plan", failures: 0 },
			{ type: "plan", failures: 1 },
		]);
	});

	it("believes the far end that the path is gone", () => {
		const open = run(
			[{ type: "wanted" }, { type: "opened", attempt: 1 }],
			true,
		).state;
		const asked = run(
			[{ type: "signal", attempt: 1, signal: { kind: "request" } }],
			true,
			open,
		);
		expect(asked.state.phase).toBe("idle");
		expect(asked.effects).toEqual([
			{ type: "drop" },
			{ type: "plan", failures: 0 },
		]);
	});
});

describe("the responder", () => {
	it("never begins by itself", () => {
		expect(run([{ type: "wanted" }], false).effects).toEqual([]);
		const gone = run(
			[
				{ type: "signal", attempt: 1, signal: offer },
				{ type: "opened", attempt: 1 },
				{ ...lost, attempt: 1 },
			],
			false,
		);
		expect(gone.effects).toEqual([
			{ type: "drop" },
			{ type: "send", attempt: 1, signal: { kind: "request" } },
		]);
	});

	it("lets a newer offer replace what it has, and ignores older ones", () => {
		const five = run([{ type: "signal", attempt: 5, signal: offer }], false);
		expect(five.effects).toEqual([
			{ type: "connect", attempt: 5 },
			{ type: "deliver", signal: offer },
		]);
		expect(
			run([{ type: "signal", attempt: 4, signal: offer }], false, five.state)
				.effects,
		).toEqual([]);
		const open = run([{ type: "opened", attempt: 5 }], false, five.state).state;
		const six = run(
			[{ type: "signal", attempt: 6, signal: offer }],
			false,
			open,
		);
		expect(six.state).toMatchObject({ phase: "connecting", attempt: 6 });
	});

	it("tells the opener that it failed", () => {
		const step = run(
			[
				{ type: "signal", attempt: 1, signal: offer },
				{ ...failed, attempt: 1, repeat: true },
			],
			false,
		);
		expect(step.effects).toEqual([
			{
				type: "send",
				attempt: 1,
				signal: { kind: "failed", reason: "no way", repeat: true },
			},
			{ type: "drop" },
		]);
	});
});

const anySignal = fc.constantFrom<Signal>(
	offer,
	answer,
	{ kind: "request" },
	{ kind: "failed", reason: "x" },
	{ kind: "failed", reason: "x", repeat: true },
	{ kind: "candidate", candidate: "c", sdpMid: "0", sdpMLineIndex: 0 },
);
const attempt = fc.integer({ min: 0, max: 4 });
const anyEvent = fc.oneof<fc.Arbitrary<UpgradeEvent>[]>(
	fc.constant({ type: "wanted" } as const),
	fc.record({
		type: fc.constant("network_changed" as const),
		inUse: fc.boolean(),
	}),
	fc.record({
		type: fc.constant("signal" as const),
		attempt,
		signal: anySignal,
	}),
	fc.record({ type: fc.constant("opened" as const), attempt }),
	fc.record({
		type: fc.constant("failed" as const),
		attempt,
		reason: fc.constant("r"),
		repeat: fc.boolean(),
	}),
	fc.record({
		type: fc.constant("lost" as const),
		attempt,
		reason: fc.option(fc.constant("r"), { nil: undefined }),
		young: fc.boolean(),
	}),
	fc.record({ type: fc.constant("retry" as const), inUse: fc.boolean() }),
	fc.constant({ type: "release" } as const),
);

describe("whatever happens", () => {
	it("attempts only count up, an attempt runs exactly while it should, and closed is closed", () => {
		fc.assert(
			fc.property(fc.array(anyEvent), fc.boolean(), (events, initiator) => {
				let state = INITIAL_UPGRADE;
				let running = false;
				for (const event of events) {
					const step = stepUpgrade(state, event, initiator);
					expect(step.state.attempt).toBeGreaterThanOrEqual(state.attempt);
					for (const effect of step.effects) {
						if (effect.type === "connect") running = true;
						if (effect.type === "drop") running = false;
						if (effect.type === "deliver") expect(running).toBe(true);
						if (effect.type === "plan") expect(initiator).toBe(true);
					}
					state = step.state;
					expect(running).toBe(
						state.phase === "connecting" || state.phase === "open",
					);
				}
				const closed = stepUpgrade(state, { type: "close" }, initiator);
				expect(closed.effects).toEqual([{ type: "drop" }]);
				for (const event of events) {
					expect(stepUpgrade(closed.state, event, initiator).effects).toEqual(
						[],
					);
				}
			}),
		);
	});
});
