import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failure } from "../support/failure.js";
import { gate } from "../support/gate.js";
import { Network } from "../support/network.js";
import { whenStarted } from "../support/outcome.js";

let network: Network;
beforeEach(async () => {
	network = await Network.start();
});
afterEach(() => network.close());

/** A module whose function says where it ran. */
const from = (place: string) => ({ where: () => place });
type Where = ReturnType<typeof from>;

describe("two nodes with the same function", () => {
	it("share calls evenly that are made at once", async () => {
		await network.node(from("a"), { id: "a", maxConcurrent: 40 });
		await network.node(from("b"), { id: "b", maxConcurrent: 40 });
		const { where } = network.client().any<Where>();
		await where();
		const places = await Promise.all(Array.from({ length: 40 }, () => where()));
		expect(places.filter((place) => place === "a")).toHaveLength(20);
		expect(places.filter((place) => place === "b")).toHaveLength(20);
	});

	it("take turns where the gateway says so", async () => {
		await network.close();
		network = await Network.start({ routing: { strategy: "round_robin" } });
		await network.node(from("a"), { id: "a" });
		await network.node(from("b"), { id: "b" });
		const { where } = network.client().any<Where>();
		const places: string[] = [];
		for (let n = 0; n < 40; n += 1) places.push(await where());
		expect(places.filter((place) => place === "a")).toHaveLength(20);
		expect(places.filter((place) => place === "b")).toHaveLength(20);
	});

	it("are chosen by tags", async () => {
		await network.node(from("a"), { id: "a", tags: ["gpu"] });
		await network.node(from("b"), { id: "b", tags: ["cpu"] });
		const { where } = network.client().any<Where>({ tags: ["cpu"] });
		for (let n = 0; n < 5; n += 1) expect(await where()).toBe("b");
	});

	it("stand in for each other when one is full", async () => {
		const release = gate();
		const slow = (place: string) => ({
			work: async () => {
				await release.opened;
				return place;
			},
		});
		await network.node(slow("a"), { id: "a", maxConcurrent: 1, maxQueue: 0 });
		await network.node(slow("b"), { id: "b", maxConcurrent: 1, maxQueue: 0 });
		// Two clients that know nothing of each other: whatever they choose, both find a place.
		const works = [1, 2].map(() =>
			network.client().any<ReturnType<typeof slow>>().work(),
		);
		await Promise.all(
			works.map(async (work) => {
				for await (const event of work.events())
					if (event.type === "started") return;
			}),
		);
		release.open();
		expect((await Promise.all(works)).sort()).toEqual(["a", "b"]);
	});

	it("are followed as they come and go", async () => {
		const first = await network.node(from("a"), { id: "a" });
		const { where } = network.client().any<Where>();
		expect(await where()).toBe("a");
		await network.node(from("b"), { id: "b" });
		await first.close();
		expect(await where()).toBe("b");
	});
});

describe("a node that is full", () => {
	it("queues as much as it may, then says when to come again", async () => {
		const release = gate();
		const module = { work: () => release.opened.then(() => "done") };
		await network.node(module, { id: "busy", maxConcurrent: 1, maxQueue: 1 });
		const busy = network.client({ retries: 0 }).node<typeof module>("busy");
		const running = busy.work();
		await whenStarted(running);
		const queued = busy.work();
		for await (const event of queued.events())
			if (event.type === "routed") break;
		const error = await failure(busy.work());
		expect(error.code).toBe("RESOURCE_EXHAUSTED");
		expect(error.retryable).toBe(true);
		expect(error.retryAfterMs).toBeGreaterThan(0);
		release.open();
		expect(await Promise.all([running, queued])).toEqual(["done", "done"]);
	});

	it("lets go of a queued call that is cancelled", async () => {
		const release = gate();
		const module = { work: () => release.opened.then(() => "done") };
		await network.node(module, { id: "busy", maxConcurrent: 1, maxQueue: 1 });
		const busy = network.client({ retries: 0 }).node<typeof module>("busy");
		const running = busy.work();
		await whenStarted(running);
		const queued = busy.work();
		const failed = failure(queued);
		for await (const event of queued.events())
			if (event.type === "routed") break;
		queued.cancel();
		expect(await failed).toMatchObject({ code: "CANCELLED" });
		const next = busy.work();
		release.open();
		expect(await Promise.all([running, next])).toEqual(["done", "done"]);
	});

	it("says that a call ran out of time in the queue", async () => {
		const release = gate();
		const module = { work: () => release.opened.then(() => "done") };
		await network.node(module, { id: "busy", maxConcurrent: 1 });
		const busy = network.client({ retries: 0 }).node<typeof module>("busy");
		const running = busy.work();
		await whenStarted(running);
		const error = await failure(busy.work.with({ timeout: 200 })());
		expect(error).toMatchObject({
			code: "DEADLINE_EXCEEDED",
			details: { phase: "queued" },
		});
		release.open();
		await running;
	});
});
