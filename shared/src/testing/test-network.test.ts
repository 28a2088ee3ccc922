import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deferred } from "../async/deferred.js";
import { define } from "../functions/define.js";
import { createTestNetwork, type TestNetwork } from "./test-network.js";

let gate = deferred<string>();
let aborted: string[] = [];
const functions = {
	add: (a: number, b: number) => a + b,
	square: define({ idempotent: true }, (_call, n: number) => n * n),
	async *count(to: number) {
		for (let n = 1; n <= to; n += 1) yield n;
	},
	held: () => gate.promise,
	heldAgain: define({ idempotent: true }, (call) => {
		call.signal.addEventListener("abort", () => aborted.push(call.id));
		return gate.promise;
	}),
};

let network: TestNetwork;
beforeEach(() => {
	gate = deferred();
	aborted = [];
	network = createTestNetwork({ nodes: { one: functions, two: functions } });
});
afterEach(async () => {
	await network.close();
	expect(network.clock.pending).toBe(0);
});

describe("a test network", () => {
	it("serves calls, streams and maps as a real one does", async () => {
		const one = network.node<typeof functions>("one");
		const { value, meta } = await one.add(1, 2).withMeta();
		expect([value, meta.nodeId]).toEqual([3, "one"]);
		const items: number[] = [];
		for await (const item of one.count(3)) items.push(item);
		for await (const n of network.any<typeof functions>().square.map(items))
			items.push(n);
		expect(items).toEqual([1, 2, 3, 1, 4, 9]);
		await expect(network.remote("three.add")(1, 2)).rejects.toMatchObject({
			code: "NOT_FOUND",
		});
	});

	it("lets time pass only when told", async () => {
		const call = network
			.node<typeof functions>("one")
			.held.with({ timeout: "5s", retries: 0 })();
		const failure = expect(call).rejects.toMatchObject({
			code: "DEADLINE_EXCEEDED",
		});
		await network.clock.advance(5_000);
		await failure;
	});

	it("partitions: what runs goes on, and is answered once it is healed", async () => {
		const call = network.node<typeof functions>("one").held();
		await network.clock.advance(0);
		network.partition("one");
		gate.resolve("here");
		await network.clock.advance(1_000);
		network.heal("one");
		await network.clock.advance(1_000);
		expect(await call).toBe("here");
		network.partition("one");
		await expect(
			network.node<typeof functions>("one").add(1, 2),
		).rejects.toMatchObject({ code: "NOT_FOUND" });
	});

	it("kills: idempotent calls run elsewhere, others fail", async () => {
		const all = network.any<typeof functions>();
		const once = network.node<typeof functions>("one").held();
		const failure = expect(once).rejects.toMatchObject({ code: "ABORTED" });
		const calls = [all.heldAgain(), all.heldAgain()];
		await network.clock.advance(0);
		network.kill("one");
		expect(aborted.length).toBeGreaterThan(0);
		await network.clock.advance(31_000);
		gate.resolve("answered");
		expect(await Promise.all(calls)).toEqual(["answered", "answered"]);
		await failure;
		expect(() => network.kill("one")).toThrow(/no node/);
		network.join("one", functions);
		expect(await network.node<typeof functions>("one").add(1, 1)).toBe(2);
	});
});
