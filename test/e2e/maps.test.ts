// Maps over nodes that come and go on a real network.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Network } from "../support/network.js";

let network: Network;
beforeEach(async () => {
	network = await Network.start();
});
afterEach(() => network.close());

/** Ten at a time, so that whoever comes later finds enough left to do. */
const functions = {
	work: async (n: number) => {
		await new Promise((resolve) => setTimeout(resolve, 20));
		return n;
	},
};

describe("a map", () => {
	it("gives items to a node that joins it on its way", async () => {
		await network.node(functions, { id: "first" });
		const { work } = network.client().any<typeof functions>();
		let wanted = true;
		function* numbers() {
			for (let n = 0; wanted; n += 1) yield n;
		}
		const nodes = new Set<string | undefined>();
		let joined: Promise<unknown> | undefined;
		for await (const outcome of work.map(numbers(), { onError: "yield" })) {
			if (outcome.status === "rejected") throw outcome.reason;
			nodes.add(outcome.nodeId);
			joined ??= network.node(functions, { id: "second" });
			if (nodes.has("second")) wanted = false;
		}
		await joined;
		expect([...nodes].sort()).toEqual(["first", "second"]);
	});
});
