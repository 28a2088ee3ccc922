import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import {
	FIRST_STATUS,
	type LinkRules,
	type LinkStatus,
	type LinkWake,
	nextStatus,
} from "./link-machine.js";

const error = new EasyRemoteError("UNAVAILABLE", "lost");

function rules(fields: Partial<LinkRules> = {}): LinkRules {
	return {
		reconnect: { minMs: 500, maxMs: 30_000 },
		random: () => 0.5,
		nowMs: 0,
		...fields,
	};
}

function run(wakes: readonly LinkWake[], given = rules()): LinkStatus {
	return wakes.reduce(
		(status, wake) => nextStatus(status, wake, given),
		FIRST_STATUS,
	);
}

const lost: LinkWake = { kind: "lost", error };
const due: LinkWake = { kind: "due" };
const welcomed: LinkWake = { kind: "welcomed" };

describe("the link's states", () => {
	it("waits longer after each failure, up to the most, and half of that on average", () => {
		const delays: number[] = [];
		let status = FIRST_STATUS;
		for (let failure = 0; failure < 10; failure += 1) {
			status = nextStatus(status, lost, rules());
			if (status.phase === "waiting") delays.push(status.delayMs);
			status = nextStatus(status, due, rules());
		}
		expect(delays.slice(0, 4)).toEqual([250, 500, 1_000, 2_000]);
		expect(delays.at(-1)).toBe(15_000);
	});

	it("begins anew after a connection that lasted, not after one that broke at once", () => {
		const before = [lost, due, lost, due, welcomed] as const;
		const online = run(before);
		expect(nextStatus(online, lost, rules({ nowMs: 60_000 }))).toMatchObject({
			delayMs: 250,
		});
		expect(nextStatus(online, lost, rules({ nowMs: 100 }))).toMatchObject({
			delayMs: 1_000,
		});
	});

	it("stays away as long as the gateway asked, in goaway or at the close", () => {
		const announced = run([welcomed, { kind: "goaway", retryAfterMs: 2_000 }]);
		expect(announced).toMatchObject({ phase: "online", retryAfterMs: 2_000 });
		expect(nextStatus(announced, lost, rules())).toMatchObject({
			phase: "waiting",
			restarting: true,
			delayMs: 2_250,
		});
		const busy = new EasyRemoteError("RESOURCE_EXHAUSTED", "full", {
			retryAfterMs: 7_000,
		});
		expect(run([{ kind: "lost", error: busy }])).toMatchObject({
			delayMs: 7_250,
		});
		const absurd = new EasyRemoteError("UNAVAILABLE", "x", {
			retryAfterMs: 1e12,
		});
		expect(run([{ kind: "lost", error: absurd }])).toMatchObject({
			delayMs: 300_250,
		});
	});

	it("knows that the gateway restarts until it is back", () => {
		const gone: LinkWake[] = [
			welcomed,
			{ kind: "goaway", retryAfterMs: 0 },
			lost,
			due,
			lost,
			due,
		];
		expect(run(gone)).toMatchObject({ phase: "connecting", restarting: true });
		expect(run([...gone, welcomed, lost])).toMatchObject({ restarting: false });
	});

	it("never leaves closed, and never waits beyond its bounds, whatever happens", () => {
		const wake = fc.constantFrom<LinkWake>(
			welcomed,
			lost,
			due,
			{ kind: "goaway", retryAfterMs: 1_000 },
			{ kind: "refused", error },
			{ kind: "shutdown" },
		);
		fc.assert(
			fc.property(
				fc.array(wake),
				fc.double({ min: 0, max: 0.999, noNaN: true }),
				(wakes, random) => {
					let status = FIRST_STATUS;
					for (const next of wakes) {
						const before = status;
						status = nextStatus(status, next, rules({ random: () => random }));
						if (before.phase === "closed") expect(status).toBe(before);
						if (status.phase === "waiting")
							expect(status.delayMs).toBeLessThanOrEqual(31_000);
					}
				},
			),
		);
	});
});
