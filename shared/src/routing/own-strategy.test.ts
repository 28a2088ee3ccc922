import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../time/manual-clock.js";
import type { RoutingCandidate } from "./candidate.js";
import {
	OwnStrategy,
	type StrategyFault,
	type UserStrategy,
} from "./own-strategy.js";
import { preferenceOrder } from "./preference-order.js";

let clock: ManualClock;
let faults: StrategyFault[];
beforeEach(() => {
	clock = new ManualClock();
	faults = [];
});

const own = (strategy: UserStrategy) =>
	new OwnStrategy(strategy, { clock, report: (fault) => faults.push(fault) });

function candidate(nodeId: string, running: number): RoutingCandidate {
	return {
		provider: {
			nodeId,
			kind: "compute",
			state: "online",
			tags: [],
			direct: true,
			load: { running, queued: 0, maxConcurrent: 10 },
			functions: [],
		},
		needs: undefined,
		inFlight: 0,
		load: running,
		durationMs: undefined,
		turn: running,
	};
}
const candidates = [candidate("busy", 9), candidate("idle", 0)];

const SILLY: readonly (readonly [string, () => unknown, RegExp])[] = [
	["null", () => null, /something else/],
	["an id", () => "busy", /something else/],
	["a copy", () => ({ ...candidates[0] }), /something else/],
	["a candidate of another call", () => candidate("busy", 9), /something else/],
	["a promise", () => Promise.resolve(candidates[0]), /promise/],
	["a promise that fails", () => Promise.reject(new Error("x")), /promise/],
];

describe("somebody's own strategy", () => {
	it("decides", () => {
		expect(own(([first]) => first).choose(candidates)).toEqual({
			candidate: candidates[0],
			reason: "chosen by the gateway's own strategy",
		});
		expect(own(() => undefined).choose(candidates)).toBeUndefined();
		expect(faults).toEqual([]);
	});

	it.each(SILLY)(
		"that answers with %s is reported, and the default decides",
		(_name, answer, message) => {
			const strategy = own(answer as UserStrategy);
			const choice = strategy.choose(candidates);
			expect(choice?.candidate.provider.nodeId).toBe("idle");
			expect(choice?.reason).toMatch(
				/^most room .*, since the gateway's own strategy chose none/,
			);
			expect(faults).toEqual([
				{
					kind: "foreign answer",
					message: expect.stringMatching(message) as string,
					times: 1,
				},
			]);
		},
	);

	it("that throws is reported once a minute, with how often it did", () => {
		const strategy = own(() => {
			throw new TypeError("oops");
		});
		for (let call = 0; call < 100; call += 1)
			expect(strategy.choose(candidates)?.candidate.provider.nodeId).toBe(
				"idle",
			);
		expect(faults).toMatchObject([
			{ kind: "threw", message: "it threw TypeError: oops", times: 1 },
		]);
		clock.skip(60_000);
		strategy.choose(candidates);
		expect(faults).toMatchObject([{ times: 1 }, { times: 100 }]);
		expect(
			preferenceOrder(
				candidates.map(({ provider }) => provider),
				strategy,
			),
		).toBeUndefined();
	});

	it("that takes long is obeyed at first, then not asked for a minute", () => {
		let asked = 0;
		const strategy = own(([first]) => {
			asked += 1;
			clock.skip(30);
			return first;
		});
		for (let call = 0; call < 10; call += 1) strategy.choose(candidates);
		expect(asked).toBe(3);
		expect(strategy.choose(candidates)?.reason).toMatch(/suspended/);
		expect(faults[0]).toMatchObject({
			kind: "slow",
			message: "it took 30 ms to choose",
		});
		clock.skip(60_000);
		strategy.choose(candidates);
		expect(asked).toBe(4);
	});

	it("may sort what it is given", () => {
		const before = [...candidates];
		own((all) => (all as RoutingCandidate[]).reverse()[0]).choose(candidates);
		expect(candidates).toEqual(before);
	});
});
