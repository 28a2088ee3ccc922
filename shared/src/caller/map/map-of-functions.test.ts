// Maps of functions that really run, on the network that users test theirs with.
import { afterEach, beforeAll, expect, it } from "vitest";
import { define } from "../../functions/define.js";
import { choosers } from "../../routing/lazy-chooser.js";
import {
	createTestNetwork,
	type TestNetwork,
} from "../../testing/test-network.js";
import { maps } from "./lazy-map.js";

// Their arrival is no part of what a clock moved by hand should see.
beforeAll(() => Promise.all([maps.load(), choosers.load()]));

let network: TestNetwork;
afterEach(async () => {
	await network.close();
	expect(network.clock.pending).toBe(0);
});

const numbers = Array.from({ length: 20 }, (_, n) => n);
const functions = {
	square: define({ idempotent: true }, (_call, n: number) => n * n),
	picky: (n: number) => {
		if (n === 13) throw new RangeError("not this one");
		return n;
	},
};

it("loses no item of a node that is killed while it runs them", async () => {
	const running: number[] = [];
	const stuck = {
		square: define({ idempotent: true }, (_call, n: number) => {
			running.push(n);
			return new Promise<number>(() => undefined);
		}),
	};
	network = createTestNetwork({ nodes: { well: functions, stuck } });
	const results: number[] = [];
	const mapped = (async () => {
		for await (const result of network
			.any<typeof functions>()
			.square.map(numbers))
			results.push(result);
	})();
	await network.clock.advance(10);
	expect(running.length).toBeGreaterThan(0);
	network.kill("stuck");
	await network.clock.advance(10_000);
	await mapped;
	expect(results).toEqual(numbers.map((n) => n * n));
});

it("gives every result but that of the one item that its function does not like", async () => {
	network = createTestNetwork({ nodes: { one: functions, two: functions } });
	const picky = network.any<typeof functions>().picky;
	const results: number[] = [];
	const refused: [number, unknown][] = [];
	for await (const outcome of picky.map(numbers, { onError: "yield" }))
		if (outcome.status === "fulfilled") results.push(outcome.value);
		else refused.push([outcome.index, outcome.reason]);
	expect(results).toEqual(numbers.filter((n) => n !== 13));
	expect(refused).toEqual([
		[13, expect.objectContaining({ message: "not this one" })],
	]);
});
