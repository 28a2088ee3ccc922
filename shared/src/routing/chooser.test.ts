import { beforeEach, describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { Provider } from "../protocol/provider.js";
import { ManualClock } from "../time/manual-clock.js";
import { createChooser } from "./chooser.js";
import { choosers, lacksChooser } from "./lazy-chooser.js";
import { OwnStrategy, type UserStrategy } from "./own-strategy.js";
import { preferenceOrder } from "./preference-order.js";
import { STRATEGY_NAMES } from "./strategy-names.js";

function node(nodeId: string, fields: Partial<Provider> = {}): Provider {
	return {
		nodeId,
		kind: "compute",
		state: "online",
		tags: [],
		direct: true,
		load: { running: 0, queued: 0, maxConcurrent: 10 },
		functions: [],
		...fields,
	};
}

const busy = (running: number, maxConcurrent = 10) => ({
	load: { running, queued: 0, maxConcurrent },
});
const idle = () => 0;

let clock: ManualClock;
beforeEach(() => {
	clock = new ManualClock();
});

/** How an attempt ended: well after so long, or badly. */
const well = (ms: number) => ({ ms, error: undefined, accepted: true });
const failed = (code: "UNAVAILABLE" | "FUNCTION_ERROR", accepted = false) => ({
	ms: 1,
	error: new EasyRemoteError(code, "no"),
	accepted,
});

/** A function that needs something, as a route carries it. */
const needing = (resources: object) => ({
	functions: [
		{
			name: "f",
			public: true,
			authRequired: true,
			idempotent: false,
			stream: false,
			resources,
		},
	],
});

describe.each(STRATEGY_NAMES)("%s", (strategy) => {
	it("splits 40 calls at once to two idle nodes 20 to 20", () => {
		const chooser = createChooser(strategy, { clock });
		const nodes = [node("a"), node("b")];
		const inFlight = new Map<string, number>();
		for (let call = 0; call < 40; call += 1) {
			const choice = chooser.choose(nodes, (id) => inFlight.get(id) ?? 0);
			const id = choice?.provider.nodeId ?? "none";
			inFlight.set(id, (inFlight.get(id) ?? 0) + 1);
		}
		expect([...inFlight].sort()).toEqual([
			["a", 20],
			["b", 20],
		]);
	});

	it("splits 40 calls one after the other about evenly, in spite of noise in the samples", () => {
		const chooser = createChooser(strategy, { clock });
		const nodes = [
			node("a", { cpuUsage: 0.31, latencyMs: 1 }),
			node("b", { cpuUsage: 0.38, latencyMs: 1.4 }),
		];
		const counts = new Map<string, number>();
		for (let call = 0; call < 40; call += 1) {
			const id = chooser.choose(nodes, idle)?.provider.nodeId ?? "none";
			counts.set(id, (counts.get(id) ?? 0) + 1);
			clock.skip(10);
			chooser.settled(id, well(3 + (call % 3) / 2));
		}
		expect(counts.get("a")).toBeGreaterThanOrEqual(18);
		expect(counts.get("b")).toBeGreaterThanOrEqual(18);
	});

	it("passes over nodes that drain, are excluded, or are full while others are free", () => {
		const chooser = createChooser(strategy, { clock });
		const nodes = [
			node("draining", { state: "draining" }),
			node("excluded"),
			node("full", busy(10)),
			node("degraded", { state: "degraded" }),
			node("free", { ...busy(9), latencyMs: 500, cpuUsage: 0.9 }),
		];
		const exclude = new Set(["excluded"]);
		expect(chooser.choose(nodes, idle, exclude)?.provider.nodeId).toBe("free");
		exclude.add("free");
		expect(chooser.choose(nodes, idle, exclude)?.provider.nodeId).toBe("full");
		exclude.add("full");
		expect(chooser.choose(nodes, idle, exclude)?.provider.nodeId).toBe(
			"degraded",
		);
		exclude.add("degraded");
		expect(chooser.choose(nodes, idle, exclude)).toBeUndefined();
	});

	it("leaves a node alone whose calls keep failing, and finds out one by one whether it works again", () => {
		const chooser = createChooser(strategy, { clock });
		const nodes = [node("good"), node("bad")];
		let broken = true;
		/** Where so many calls go, one every 10 ms. */
		const run = (calls: number): number => {
			let bad = 0;
			for (let call = 0; call < calls; call += 1) {
				clock.skip(10);
				const id = chooser.choose(nodes, idle)?.provider.nodeId ?? "none";
				if (id === "bad") bad += 1;
				const fails = id === "bad" && broken;
				chooser.settled(id, fails ? failed("UNAVAILABLE") : well(20));
			}
			return bad;
		};
		// Five failures in a row; then it rests for 1, 2, 4 s, and is tried once after each.
		const before = run(20);
		expect(before).toBeLessThanOrEqual(5);
		expect(before + run(60)).toBeLessThanOrEqual(5);
		expect(run(900)).toBe(3);
		broken = false;
		expect(run(1_600)).toBeGreaterThan(100);
	});

	it("sends no second call after a probe that has not come back, nor holds the caller's own doing against a node", () => {
		const chooser = createChooser(strategy, { clock });
		const nodes = [node("good"), node("bad")];
		const only = new Set(["good"]);
		for (let call = 0; call < 5; call += 1) {
			chooser.choose(nodes, idle, only);
			chooser.settled("bad", failed("FUNCTION_ERROR", true));
		}
		expect(chooser.choose(nodes, idle, only)?.reason).toBe("the only one");
		for (let call = 0; call < 5; call += 1)
			chooser.settled("bad", failed("UNAVAILABLE"));
		clock.skip(1_000);
		expect(chooser.choose(nodes, idle)).toMatchObject({
			provider: { nodeId: "bad" },
			reason: "to see if it works again, among 2",
		});
		for (let call = 0; call < 10; call += 1)
			expect(chooser.choose(nodes, idle)).toMatchObject({
				provider: { nodeId: "good" },
				reason: "the only one (1 left out for failing)",
			});
		chooser.released("bad");
		expect(chooser.choose(nodes, idle)?.provider.nodeId).toBe("bad");
	});

	it("tries a node that fails where there is no other", () => {
		const chooser = createChooser(strategy, { clock });
		const nodes = [node("bad")];
		chooser.choose(nodes, idle);
		for (let call = 0; call < 9; call += 1)
			chooser.settled("bad", failed("UNAVAILABLE"));
		expect(chooser.choose(nodes, idle)?.reason).toBe(
			"the only one; all have failed lately",
		);
	});

	it("sends no more calls than there is memory for, those not in the heartbeat counted", () => {
		const chooser = createChooser(strategy, { clock });
		const machine = { memoryBytes: 8e9, memoryUsage: 0, cpuCount: 1 };
		const function_ = needing({ memoryBytes: 3e9 });
		const nodes = ["a", "b"].map((id) =>
			node(id, { ...machine, ...function_ }),
		);
		const inFlight = new Map<string, number>();
		const next = () => {
			const id = chooser.choose(nodes, (of) => inFlight.get(of) ?? 0)?.provider
				.nodeId;
			if (id) inFlight.set(id, (inFlight.get(id) ?? 0) + 1);
			return id;
		};
		expect([next(), next(), next(), next()].sort()).toEqual([
			"a",
			"a",
			"b",
			"b",
		]);
		expect(next()).toBeUndefined();
	});

	it("leaves a node alone for a moment that has said that its queue is full", () => {
		const chooser = createChooser(strategy, { clock });
		const nodes = [node("full"), node("free", busy(9))];
		const full = new EasyRemoteError("RESOURCE_EXHAUSTED", "queue full", {
			retryAfterMs: 400,
		});
		chooser.choose(nodes, idle);
		chooser.settled("full", { ms: 1, error: full, accepted: false });
		for (let call = 0; call < 4; call += 1)
			expect(chooser.choose(nodes, idle)?.provider.nodeId).toBe("free");
		clock.skip(400);
		const later = new Set(
			[1, 2].map(() => chooser.choose(nodes, idle)?.provider.nodeId),
		);
		expect(later).toContain("full");
	});

	it("says why", () => {
		const chooser = createChooser(strategy, { clock });
		expect(chooser.choose([node("a"), node("b")], idle)?.reason).toMatch(/\w/);
		expect(chooser.choose([node("a")], idle)?.reason).toBe("the only one");
	});
});

describe("least_connections", () => {
	it("tells a new heartbeat from an old one that says the same", () => {
		const chooser = createChooser("least_connections", { clock });
		const ours = (count: number) => (id: string) => (id === "a" ? count : 0);
		// Four at a, all of them ours …
		const report = (loadRevision: number) => [
			node("a", { ...busy(4), loadRevision }),
			node("b", busy(3)),
		];
		chooser.choose(report(1), ours(4));
		// … which have ended, but then four of others'.
		expect(chooser.choose(report(1), ours(0))?.provider.nodeId).toBe("a");
		expect(chooser.choose(report(2), ours(0))?.provider.nodeId).toBe("b");
	});

	it("counts others' calls from the snapshot and ours once", () => {
		const chooser = createChooser("least_connections", { clock });
		// At first both are idle and we have four calls at a, which the next snapshot shows.
		const ours = (id: string) => (id === "a" ? 4 : 0);
		chooser.choose([node("a"), node("b")], ours);
		const nodes = [node("a", busy(4)), node("b", busy(5))];
		expect(chooser.choose(nodes, ours)?.provider.nodeId).toBe("a");
	});
});

describe("resource_based", () => {
	it("prefers the machine with more room", () => {
		const chooser = createChooser("resource_based", { clock });
		const nodes = [
			node("hot", { cpuUsage: 0.95, memoryUsage: 0.8 }),
			node("cool", { cpuUsage: 0.1, memoryUsage: 0.2 }),
		];
		for (let call = 0; call < 5; call += 1)
			expect(chooser.choose(nodes, idle)?.provider.nodeId).toBe("cool");
	});
});

describe("resource_based for a function that needs something", () => {
	const gpuNode = { gpus: 1, gpuFreeBytes: 8e9 };

	it("goes to the GPU with more room, and without such a need to a machine that has none", () => {
		const chooser = createChooser("resource_based", { clock });
		const nodes = (resources: object) => [
			node("busy-gpu", { ...gpuNode, gpuUsage: 0.9, ...needing(resources) }),
			node("free-gpu", { ...gpuNode, gpuUsage: 0.1, ...needing(resources) }),
			node("plain", { gpus: 0, ...needing(resources) }),
		];
		for (let call = 0; call < 5; call += 1) {
			const gpu = chooser.choose(nodes({ gpu: true }), idle);
			expect(gpu?.provider.nodeId).toBe("free-gpu");
			expect(chooser.choose(nodes({}), idle)?.provider.nodeId).toBe("plain");
		}
		// Rather a wasted GPU than a queue.
		expect(
			chooser.choose(nodes({}), (id) => (id === "plain" ? 9 : 0))?.provider
				.nodeId,
		).toMatch("gpu");
	});
});

describe("latency_based", () => {
	it("finds out who is faster, and notices when that changes", () => {
		const chooser = createChooser("latency_based", { clock });
		const nodes = [node("a"), node("b")];
		const run = (durations: Readonly<Record<string, number>>) => {
			const counts: Record<string, number> = { a: 0, b: 0 };
			for (let call = 0; call < 300; call += 1) {
				const id = chooser.choose(nodes, idle)?.provider.nodeId ?? "none";
				counts[id] = (counts[id] ?? 0) + 1;
				clock.skip(100);
				chooser.settled(id, well(durations[id] ?? 0));
			}
			return counts;
		};
		expect(run({ a: 100, b: 10 })["b"]).toBeGreaterThan(270);
		expect(run({ a: 10, b: 100 })["a"]).toBeGreaterThan(200);
	});
});

describe("a node that nobody has measured yet", () => {
	it("is tried by latency_based, and not flooded before its first answer", () => {
		const chooser = createChooser("latency_based", { clock });
		const nodes = [node("known"), node("new")];
		for (let call = 0; call < 5; call += 1) {
			chooser.choose(nodes, idle, new Set(["new"]));
			chooser.settled("known", well(50));
		}
		const inFlight = new Map<string, number>();
		for (let call = 0; call < 8; call += 1) {
			const id =
				chooser.choose(nodes, (of) => inFlight.get(of) ?? 0)?.provider.nodeId ??
				"none";
			inFlight.set(id, (inFlight.get(id) ?? 0) + 1);
		}
		expect([...inFlight.values()]).toEqual([4, 4]);
	});
});

describe("a strategy of one's own", () => {
	const own = (strategy: UserStrategy) =>
		new OwnStrategy(strategy, { clock, report: () => undefined });

	it("is asked for every call and may refuse", () => {
		const chooser = createChooser(
			own((candidates) =>
				candidates.find(({ provider }) => provider.tags.includes("eu")),
			),
			{ clock },
		);
		const nodes = [node("us"), node("eu", { tags: ["eu"] })];
		expect(chooser.choose(nodes, idle)?.provider.nodeId).toBe("eu");
		expect(chooser.choose([node("us"), node("asia")], idle)).toBeUndefined();
	});

	it("chooses among those only that work and have what is needed", () => {
		const seen: string[][] = [];
		const chooser = createChooser(
			own((candidates) => {
				seen.push(candidates.map(({ provider }) => provider.nodeId));
				return candidates[0];
			}),
			{ clock },
		);
		const function_ = needing({ gpu: true });
		const nodes = [
			node("draining", { state: "draining", gpus: 1, ...function_ }),
			node("plain", { gpus: 0, ...function_ }),
			node("a", { gpus: 1, ...function_ }),
			node("b", { gpus: 1, ...function_ }),
		];
		chooser.choose(nodes, idle);
		for (let call = 0; call < 5; call += 1)
			chooser.settled("a", failed("UNAVAILABLE"));
		chooser.choose(nodes, idle);
		expect(seen).toEqual([["a", "b"], ["b"]]);
	});

	it("reaches clients as an order of preference", () => {
		const nodes = [node("a", busy(3)), node("b", busy(1)), node("c", busy(2))];
		const order =
			preferenceOrder(
				nodes,
				own((candidates) =>
					[...candidates]
						.sort((x, y) => x.load - y.load)
						.find(({ load }) => load < 3),
				),
			) ?? [];
		expect(order.map(({ nodeId }) => nodeId)).toEqual(["b", "c"]);
		const chooser = createChooser("ordered", { clock });
		expect(chooser.choose(order, idle)?.provider.nodeId).toBe("b");
		expect(
			chooser.choose(order, (id) => (id === "b" ? 10 : 0))?.provider.nodeId,
		).toBe("c");
	});
});

it("is fetched where there is something to choose, or somebody to ask", async () => {
	const strategy = new OwnStrategy(() => undefined, { clock, report() {} });
	const one = { providers: [node("a")], strategy: "round_robin" };
	const others = [
		{ ...one, providers: [node("a"), node("b")] },
		{ ...one, providers: [node("a", needing({ cpu: 2 }))] },
		{ ...one, strategy },
	];
	expect(lacksChooser(one)).toBe(false);
	expect(others.map(lacksChooser)).toEqual([true, true, true]);
	await choosers.load();
	expect(others.map(lacksChooser)).toEqual([false, false, false]);
});
