import type {
	FunctionDescriptor,
	NodeProfile,
} from "@easyremote/shared/protocol";
import { ManualClock } from "@easyremote/shared/time";
import pino from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DEVELOPER } from "../auth/principal.js";
import { MemoryRegistry } from "../registry/memory-registry.js";
import { createMemoryStore } from "../store/memory-store.js";
import { LocalRoutes } from "./local-routes.js";
import { RouteBoard } from "./route-board.js";

const profile: NodeProfile = {
	kind: "compute",
	tags: [],
	direct: false,
	load: { running: 0, queued: 0, maxConcurrent: 1 },
};
const add: FunctionDescriptor = {
	name: "add",
	public: true,
	authRequired: false,
	idempotent: false,
	stream: false,
};
const signal = new AbortController().signal;

let clock: ManualClock;
let registry: MemoryRegistry;
let board: RouteBoard;
let routes: LocalRoutes;

beforeEach(() => {
	clock = new ManualClock();
	registry = new MemoryRegistry({
		identities: createMemoryStore().identities,
		clock,
	});
	board = new RouteBoard({
		registry,
		strategy: "round_robin",
		clock,
		log: pino({ level: "silent" }),
	});
	routes = new LocalRoutes(board, DEVELOPER);
});

afterEach(() => {
	routes.close();
	board.close();
	registry.close();
	expect(clock.pending).toBe(0);
});

async function join(nodeId: string): Promise<void> {
	await registry.join({
		nodeId,
		connectionId: nodeId,
		principal: DEVELOPER,
		profile,
	});
	await registry.register(nodeId, nodeId, [add], DEVELOPER);
}

it("asks once, and is kept up to date", async () => {
	await join("a");
	const route = await routes.resolve({ function: "add" }, signal);
	expect(routes.peek({ function: "add" })).toBe(route);
	await join("b");
	await clock.advance(100);
	expect(route.providers.map(({ nodeId }) => nodeId).sort()).toEqual([
		"a",
		"b",
	]);
});

it("finds a node that has come since the last answer, at once", async () => {
	await expect(
		routes.resolve({ function: "add" }, signal),
	).rejects.toMatchObject({ code: "NOT_FOUND" });
	expect(routes.peek({ function: "add" })).toBeUndefined();
	await join("a");
	const route = await routes.resolve({ function: "add" }, signal);
	expect(route.providers).toHaveLength(1);
});

it("asks anew, before changes are told, for what a call has found wrong", async () => {
	await join("a");
	const route = await routes.resolve({ function: "add" }, signal);
	await join("b");
	await registry.leave("a", "a");
	expect(route.providers.map(({ nodeId }) => nodeId)).toEqual(["a"]);
	route.doubt();
	expect(routes.peek({ function: "add" })).toBeUndefined();
	const asked = [1, 2, 3].map(() =>
		routes.resolve({ function: "add" }, signal),
	);
	for (const each of await Promise.all(asked)) expect(each).toBe(route);
	expect(route.providers.map(({ nodeId }) => nodeId)).toEqual(["b"]);
	expect(routes.peek({ function: "add" })).toBe(route);
});

it("goes on with a route that was doubted without reason", async () => {
	await join("a");
	const route = await routes.resolve({ function: "add" }, signal);
	route.doubt();
	expect(await routes.resolve({ function: "add" }, signal)).toBe(route);
	expect(routes.peek({ function: "add" })).toBe(route);
});

it("does not offer a route whose last node has gone", async () => {
	await join("a");
	await routes.resolve({ function: "add" }, signal);
	await registry.leave("a", "a");
	await clock.advance(100);
	expect(routes.peek({ function: "add" })).toBeUndefined();
	await expect(
		routes.resolve({ function: "add" }, signal),
	).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

it("gives up rather than wait for an answer that was dropped", async () => {
	const asked = routes.resolve({ function: "add" }, signal);
	routes.close();
	await expect(asked).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

it("keeps nothing of what nobody provides", async () => {
	await join("a");
	await routes.resolve({ function: "add" }, signal);
	const asked = ["__proto__", "nothing"].map((name) =>
		routes.resolve({ function: name }, signal),
	);
	// Asked for twice at once.
	asked.push(routes.resolve({ function: "nothing" }, signal));
	for (const each of await Promise.allSettled(asked))
		expect(each).toMatchObject({ reason: { code: "NOT_FOUND" } });
	expect(board.size).toBe(1);
	expect(routes.peek({ function: "add" })).toBeDefined();
});
