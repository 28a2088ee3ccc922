import { describe, expect, it } from "vitest";
import type { Provider } from "../protocol/provider.js";
import { createChooser } from "./chooser.js";
import { preferenceOrder } from "./preference-order.js";
import { STRATEGY_NAMES } from "./strategy-names.js";

/** A repeatable source of randomness: mulberry32. */
function seeded(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

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

describe.each(STRATEGY_NAMES)("%s", (strategy) => {
	it("splits 40 calls at once to two idle nodes 20 to 20", () => {
		const chooser = createChooser(strategy, { random: seeded(1) });
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
		const chooser = createChooser(strategy, { random: seeded(2) });
		const nodes = [
			node("a", { cpuUsage: 0.31, latencyMs: 1 }),
			node("b", { cpuUsage: 0.38, latencyMs: 1.4 }),
		];
		const counts = new Map<string, number>();
		for (let call = 0; call < 40; call += 1) {
			const id = chooser.choose(nodes, idle)?.provider.nodeId ?? "none";
			counts.set(id, (counts.get(id) ?? 0) + 1);
			chooser.settled(id, 3 + (call % 3) / 2, true);
		}
		expect(counts.get("a")).toBeGreaterThanOrEqual(18);
		expect(counts.get("b")).toBeGreaterThanOrEqual(18);
	});

	it("passes over nodes that drain, are excluded, or are full while others are free", () => {
		const chooser = createChooser(strategy, { random: seeded(3) });
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

	it("goes round a node whose calls keep failing, and tries it again now and then", () => {
		const chooser = createChooser(strategy, { random: seeded(4) });
		const nodes = [node("good"), node("bad")];
		const counts = new Map<string, number>();
		for (let call = 0; call < 400; call += 1) {
			const id = chooser.choose(nodes, idle)?.provider.nodeId ?? "none";
			counts.set(id, (counts.get(id) ?? 0) + 1);
			chooser.settled(id, id === "bad" ? 0.1 : 20, id === "good");
		}
		expect(counts.get("bad")).toBeGreaterThan(3);
		expect(counts.get("bad")).toBeLessThan(40);
	});

	it("says why", () => {
		const chooser = createChooser(strategy, { random: seeded(5) });
		expect(chooser.choose([node("a"), node("b")], idle)?.reason).toMatch(/\w/);
		expect(chooser.choose([node("a")], idle)?.reason).toBe("the only one");
	});
});

describe("least_connections", () => {
	it("counts others' calls from the snapshot and ours once", () => {
		const chooser = createChooser("least_connections", { random: seeded(6) });
		// At first both are idle and we have four calls at a, which the next snapshot shows.
		const ours = (id: string) => (id === "a" ? 4 : 0);
		chooser.choose([node("a"), node("b")], ours);
		const nodes = [node("a", busy(4)), node("b", busy(5))];
		expect(chooser.choose(nodes, ours)?.provider.nodeId).toBe("a");
	});
});

describe("resource_based", () => {
	it("prefers the machine with more room", () => {
		const chooser = createChooser("resource_based", { random: seeded(7) });
		const nodes = [
			node("hot", { cpuUsage: 0.95, memoryUsage: 0.8 }),
			node("cool", { cpuUsage: 0.1, memoryUsage: 0.2 }),
		];
		for (let call = 0; call < 5; call += 1)
			expect(chooser.choose(nodes, idle)?.provider.nodeId).toBe("cool");
	});
});

describe("latency_based", () => {
	it("finds out who is faster, and notices when that changes", () => {
		const chooser = createChooser("latency_based", { random: seeded(8) });
		const nodes = [node("a"), node("b")];
		const run = (durations: Readonly<Record<string, number>>) => {
			const counts: Record<string, number> = { a: 0, b: 0 };
			for (let call = 0; call < 300; call += 1) {
				const id = chooser.choose(nodes, idle)?.provider.nodeId ?? "none";
				counts[id] = (counts[id] ?? 0) + 1;
				chooser.settled(id, durations[id] ?? 0, true);
			}
			return counts;
		};
		expect(run({ a: 100, b: 10 })["b"]).toBeGreaterThan(270);
		expect(run({ a: 10, b: 100 })["a"]).toBeGreaterThan(200);
	});
});

describe("a strategy of one's own", () => {
	it("is asked for every call and may refuse", () => {
		const chooser = createChooser(
			(candidates) =>
				candidates.find(({ provider }) => provider.tags.includes("eu")),
			{ random: seeded(9) },
		);
		const nodes = [node("us"), node("eu", { tags: ["eu"] })];
		expect(chooser.choose(nodes, idle)?.provider.nodeId).toBe("eu");
		expect(chooser.choose([node("us"), node("asia")], idle)).toBeUndefined();
	});

	it("reaches clients as an order of preference", () => {
		const nodes = [node("a", busy(3)), node("b", busy(1)), node("c", busy(2))];
		const order = preferenceOrder(nodes, (candidates) =>
			[...candidates]
				.sort((x, y) => x.load - y.load)
				.find(({ load }) => load < 3),
		);
		expect(order.map(({ nodeId }) => nodeId)).toEqual(["b", "c"]);
		const chooser = createChooser("ordered", { random: seeded(10) });
		expect(chooser.choose(order, idle)?.provider.nodeId).toBe("b");
		expect(
			chooser.choose(order, (id) => (id === "b" ? 10 : 0))?.provider.nodeId,
		).toBe("c");
	});
});

describe("a simulation of one minute", () => {
	/** Poisson arrivals at three nodes of different speed; answers how long calls took on average and at the worst, ms. */
	function simulate(strategy: string): { mean: number; worst: number } {
		const random = seeded(11);
		const chooser = createChooser(strategy, { random });
		const speeds = new Map([
			["fast", 20],
			["middle", 40],
			["slow", 80],
		]);
		const running = new Map<string, number[]>();
		const durations: number[] = [];
		let now = 0;
		for (let call = 0; call < 6_000; call += 1) {
			now += -Math.log(1 - random()) * 10;
			const active = (id: string) => {
				const left = (running.get(id) ?? []).filter((end) => end > now);
				running.set(id, left);
				return left.length;
			};
			const nodes = [...speeds.keys()].map((id) => node(id, busy(0, 8)));
			const id = chooser.choose(nodes, active)?.provider.nodeId ?? "none";
			const ms = (speeds.get(id) ?? 0) * (1 + active(id) / 2);
			running.get(id)?.push(now + ms);
			durations.push(ms);
			chooser.settled(id, ms, true);
		}
		const mean = durations.reduce((sum, ms) => sum + ms, 0) / durations.length;
		return { mean, worst: Math.max(...durations) };
	}

	it("has every strategy that looks at load beat taking turns", () => {
		const turns = simulate("round_robin");
		for (const name of [
			"least_connections",
			"resource_based",
			"latency_based",
		]) {
			const result = simulate(name);
			expect(result.mean, name).toBeLessThan(turns.mean * 0.8);
			expect(result.worst, name).toBeLessThan(turns.worst);
		}
	});
});
