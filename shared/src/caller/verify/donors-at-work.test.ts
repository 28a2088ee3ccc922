import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Script } from "../../testing/scripted-call.js";
import { donor, F, NAME, ran, says } from "../../testing/scripted-donor.js";
import { ScriptedNetwork } from "../../testing/scripted-network.js";
import type { ScriptedNode } from "../../testing/scripted-node.js";
import { choosers } from "../../routing/lazy-chooser.js";
import { verifications } from "./lazy-verification.js";

const networks: ScriptedNetwork[] = [];

function network(nodes: readonly ScriptedNode[]): ScriptedNetwork {
	const made = new ScriptedNetwork(nodes);
	networks.push(made);
	return made;
}

// In real time, and the clock of these tests is moved by hand.
beforeAll(() => Promise.all([verifications.load(), choosers.load()]));
afterEach(() => {
	for (const made of networks.splice(0)) expect(made.close()).toBe(0);
});

const trusted = { trusted: true } as const;

describe("a published function", () => {
	it("runs where its code is already, as long as there is room", async () => {
		const keep: Script = (call) => void call.accept();
		const cold = donor("cold", keep, trusted);
		const warm = donor("warm", keep, { ...trusted, cached: true, slots: 2 });
		const net = network([cold, warm]);
		const calls = Array.from({ length: 3 }, () => net.caller.call(F, []));
		await net.clock.advance(1);
		expect(ran(cold, warm)).toEqual([1, 2]);
		for (const { calls: waiting } of [cold, warm])
			for (const call of waiting) call.answer(1);
		expect(await Promise.all(calls)).toEqual([1, 1, 1]);
	});

	it("asked for by the name of its bundle alone, runs elsewhere at once when its tab closes", async () => {
		const closing = donor("a", (call) => void call.accept(), trusted);
		const other = donor("b", says("done"), trusted);
		const net = network([closing, other]);
		const call = net.caller.call(F, []);
		await net.clock.advance(1);
		// The gateway says that the tab is gone, which ends its calls.
		for (const session of closing.sessions.values()) session.close();
		await net.clock.advance(1);
		const { value, meta } = await call.withMeta();
		expect(value).toBe("done");
		expect(meta).toMatchObject({ nodeId: "b", attempts: 2 });
		expect(other.calls[0]?.header.function).toBe(NAME);
	});

	it("does not run twice if it is not idempotent", async () => {
		const closing = donor("a", (call) => void call.accept(), {
			...trusted,
			idempotent: false,
		});
		const other = donor("b", says("done"), { ...trusted, idempotent: false });
		const net = network([closing, other]);
		const call = net.caller.call(F, []);
		const failure = expect(call).rejects.toMatchObject({ code: "ABORTED" });
		await net.clock.advance(1);
		net.leave(closing);
		await net.clock.advance(31_000);
		await failure;
		expect(other.calls).toHaveLength(0);
	});
});

describe("a map over donors", () => {
	/** Runs a map of so many items, and says how many items each donor got. */
	async function spread(net: ScriptedNetwork, items: number, stepMs: number) {
		const nodes = [...net.nodes];
		let done = 0;
		const reading = (async () => {
			const inputs = Array.from({ length: items }, (_, at) => at);
			for await (const value of net.caller.map({ target: F, inputs })) {
				expect(value).toBe(done);
				done += 1;
			}
		})();
		const map = { over: false };
		const ended = reading.finally(() => {
			map.over = true;
		});
		while (!map.over) {
			await net.clock.advance(stepMs);
			// The code of maps is loaded when first needed, in real time.
			await new Promise((resolve) => setImmediate(resolve));
		}
		await ended;
		// Copies of stragglers that nobody waits for.
		await net.clock.advance(1_000);
		return ran(...nodes);
	}

	/** Takes one item at a time, so long each. */
	const takes =
		(net: () => ScriptedNetwork, ms: number): Script =>
		(call) => {
			call.accept();
			net().clock.schedule(ms, () => call.answer(call.args[0]));
		};

	it("gives each as much as it gets done", async () => {
		const nodes = [10, 10, 200].map((ms, at) =>
			donor(
				`d${at}`,
				takes(() => net, ms),
				{ ...trusted, slots: 1 },
			),
		);
		const net: ScriptedNetwork = network(nodes);
		const [first = 0, second = 0, slow = 0] = await spread(net, 400, 5);
		expect(slow).toBeLessThan(40);
		expect(Math.abs(first - second)).toBeLessThan(100);
	});

	it("goes on while results are compared, with a slow donor among them", async () => {
		const nodes = [10, 10, 200].map((ms, at) =>
			donor(
				`d${at}`,
				takes(() => net, ms),
				{ slots: 2 },
			),
		);
		const net: ScriptedNetwork = network(nodes);
		const counts = await spread(net, 100, 5);
		expect(counts.reduce((sum, each) => sum + each)).toBeGreaterThanOrEqual(
			200,
		);
		expect(net.verdicts.every(({ valid }) => valid)).toBe(true);
	});
});
