import { beforeEach, describe, expect, it } from "vitest";
import { ANONYMOUS, DEVELOPER } from "../auth/principal.js";
import { descriptor } from "../socket/testing/raw-peer.js";
import { principal } from "../socket/testing/test-gateway.js";
import {
	caller,
	openRegistry,
	owner,
	type RegistryFixture,
} from "./testing/registry-fixture.js";

let fixture: RegistryFixture;
let clock: RegistryFixture["clock"];
let registry: RegistryFixture["registry"];
let join: RegistryFixture["join"];
let ids: RegistryFixture["ids"];
let refusal: RegistryFixture["refusal"];
let silent: RegistryFixture["silent"];

beforeEach(() => {
	fixture = openRegistry();
	({ clock, registry, join, ids, refusal, silent } = fixture);
	return () => registry.close();
});

describe("who provides what", () => {
	it("is found by function, node and tags", async () => {
		await join("a", ["add"], { tags: ["gpu", "eu"] });
		await join("b", ["add", "mul"], { tags: ["eu"] });
		expect(await ids({ function: "add" })).toEqual(["a", "b"]);
		expect(await ids({ function: "mul" })).toEqual(["b"]);
		expect(await ids({ node: "a" })).toEqual(["a"]);
		expect(await ids({ function: "add", tags: ["eu", "gpu"] })).toEqual(["a"]);
		expect(await ids({ tags: ["eu"] })).toEqual(["a", "b"]);
		expect(await ids({ node: "b", function: "add" })).toEqual(["b"]);
	});

	it("shows load, resources and latency, and no schemas", async () => {
		await join("a", [
			descriptor("add", { input: { type: "array" }, idempotent: true }),
		]);
		await registry.heartbeat("a", "c-a", {
			load: { running: 3, queued: 1, maxConcurrent: 4 },
			resources: {
				cpuCount: 2,
				cpuUsage: 0.5,
				memoryBytes: 1e9,
				memoryUsage: 0.25,
				gpus: [{ name: "x", memoryBytes: 1, memoryUsage: 0 }],
			},
			latencyMs: 12,
		});
		const { providers } = await registry.providersFor(
			{ function: "add" },
			caller,
		);
		expect(providers).toEqual([
			{
				nodeId: "a",
				kind: "compute",
				state: "online",
				tags: [],
				direct: true,
				load: { running: 3, queued: 1, maxConcurrent: 4 },
				loadRevision: 1,
				cpuUsage: 0.5,
				memoryUsage: 0.25,
				cpuCount: 2,
				memoryBytes: 1e9,
				gpus: 1,
				gpuUsage: 0,
				gpuFreeBytes: 1,
				latencyMs: 12,
				functions: [descriptor("add", { idempotent: true })],
			},
		]);
	});

	it("is at most 32 nodes, others for others, and always the same for one", async () => {
		for (let index = 0; index < 100; index += 1)
			await join(`n${index}`, ["add"]);
		const mine = await ids({ function: "add" });
		expect(mine).toHaveLength(32);
		expect(await ids({ function: "add" })).toEqual(mine);
		const everybody = new Set<string>();
		for (let index = 0; index < 40; index += 1)
			for (const id of await ids(
				{ function: "add" },
				principal(`p${index}`, "call:*"),
			))
				everybody.add(id);
		expect(everybody.size).toBe(100);
	});

	it("holds whatever names say", async () => {
		await join("__proto__", ["constructor", "__proto__"]);
		expect(await ids({ function: "__proto__" })).toEqual(["__proto__"]);
		expect(await ids({ node: "constructor" })).toEqual([]);
	});
});

describe("who may see and call what", () => {
	it("goes by grants, public and authRequired", async () => {
		await join("n", [
			descriptor("secret"),
			descriptor("shown", { public: true }),
			descriptor("open", { authRequired: false }),
		]);
		const stranger = principal("stranger");
		expect(await refusal({ function: "secret" }, stranger)).toEqual({
			code: "NOT_FOUND",
			hint: undefined,
		});
		expect((await refusal({ function: "shown" }, stranger))?.code).toBe(
			"PERMISSION_DENIED",
		);
		expect((await refusal({ function: "shown" }, ANONYMOUS))?.code).toBe(
			"UNAUTHENTICATED",
		);
		expect(await ids({ function: "open" }, ANONYMOUS)).toEqual(["n"]);
		expect(
			await ids({ function: "secret" }, principal("p", "call:n.secret")),
		).toEqual(["n"]);
		expect(
			(await registry.list(stranger))[0]?.functions.map(({ name }) => name),
		).toEqual(["shown"]);
		const [provider] = (await registry.providersFor({ node: "n" }, stranger))
			.providers;
		expect(provider?.functions.map(({ name }) => name)).toEqual(["open"]);
	});

	it("suggests only what may be seen", async () => {
		await join("n", ["resize", descriptor("resign", { public: true })]);
		expect(await refusal({ function: "resizee" })).toEqual({
			code: "NOT_FOUND",
			hint: "Did you mean resize?",
		});
		expect(await refusal({ function: "resig" }, principal("stranger"))).toEqual(
			{
				code: "NOT_FOUND",
				hint: "Did you mean resign?",
			},
		);
		expect(
			await refusal({ function: "resizee" }, principal("stranger")),
		).not.toMatchObject({
			hint: "Did you mean resize?",
		});
	});

	it("lets nodes offer only what their grants cover, all or nothing", async () => {
		const limited = principal("limited", "node:gpu-*.image*");
		await expect(join("cpu-1", [], { as: limited })).rejects.toMatchObject({
			code: "PERMISSION_DENIED",
		});
		await expect(
			join("gpu-1", ["imageScale", "shell"], { as: limited }),
		).rejects.toMatchObject({
			code: "PERMISSION_DENIED",
		});
		expect((await refusal({ function: "imageScale" }))?.code).toBe("NOT_FOUND");
		await expect(join("x", [], { as: ANONYMOUS })).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
		});
	});
});

describe("the life of a node", () => {
	it("ends with two missed heartbeats, told once; what it says then comes too late", async () => {
		await join("n", ["add"]);
		const changes: string[] = [];
		registry.listen(({ nodeId, functions }) =>
			changes.push([nodeId, ...functions].join()),
		);
		const state = async () =>
			(await registry.providersFor({ function: "add" }, caller)).providers[0]
				?.state;
		await clock.advance(14_000);
		expect(await state()).toBe("online");
		await clock.advance(1_000);
		expect(await state()).toBe("degraded");
		await registry.heartbeat("n", "c-n", {});
		expect(await state()).toBe("online");
		await clock.advance(23_000);
		expect(await refusal({ function: "add" })).toMatchObject({
			code: "UNAVAILABLE",
		});
		expect(changes).toEqual(Array(4).fill("n,add"));
		expect(silent).toEqual(["n c-n"]);
		await registry.heartbeat("n", "c-n", {});
		await expect(registry.admit("n", caller)).rejects.toMatchObject({
			code: "UNAVAILABLE",
		});
		await registry.leave("n", "c-n");
		await join("n", ["add"], { connectionId: "c2" });
		expect(await state()).toBe("online");
		expect(silent).toHaveLength(1);
	});

	it("does not end because the gateway stood still", async () => {
		await join("n", ["add"]);
		// A process that was stopped finds one timer due, long after its time.
		clock.skip(60_000);
		await clock.advance(0);
		await clock.advance(1_000);
		expect(silent).toEqual([]);
		await clock.advance(22_000);
		expect(silent).toEqual(["n c-n"]);
	});

	it("stays known when it is gone, for ten minutes", async () => {
		await join("n", ["add"]);
		await registry.leave("n", "c-n");
		await expect(registry.admit("n", caller)).rejects.toMatchObject({
			code: "UNAVAILABLE",
		});
		await clock.advance(11 * 60_000);
		await expect(registry.admit("n", caller)).rejects.toMatchObject({
			code: "NOT_FOUND",
		});
	});

	it("is taken over by its own identity only; the former connection then has no say", async () => {
		expect(await join("n", ["add"])).toEqual({ replaced: undefined });
		await expect(
			join("n", [], { as: principal("thief", "node:*") }),
		).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
		expect(await join("n", ["mul"], { connectionId: "c2" })).toEqual({
			replaced: "c-n",
		});
		await registry.leave("n", "c-n");
		await registry.register("n", "c-n", [descriptor("late")], owner);
		expect(await registry.admit("n", caller)).toEqual({ connectionId: "c2" });
		expect(
			(await registry.list(caller))[0]?.functions.map(({ name }) => name),
		).toEqual(["mul"]);
		expect((await refusal({ function: "add" }))?.code).toBe("NOT_FOUND");
	});

	it("is UNAVAILABLE, not NOT_FOUND, between connecting anew and saying what it offers", async () => {
		await join("n", ["add"]);
		const profile = {
			kind: "compute",
			tags: [],
			direct: true,
			load: { running: 0, queued: 0, maxConcurrent: 1 },
		} as const;
		await registry.join({
			nodeId: "n",
			connectionId: "c2",
			principal: owner,
			profile: { ...profile, tags: [] },
		});
		expect((await refusal({ function: "add" }))?.code).toBe("UNAVAILABLE");
	});

	it("may take functions back, and drain", async () => {
		await join("n", ["add", "mul"]);
		await registry.unregister("n", "c-n", ["mul"]);
		expect((await refusal({ function: "mul" }))?.code).toBe("NOT_FOUND");
		await registry.drain("n", "c-n");
		expect(
			(await registry.providersFor({ function: "add" }, caller)).providers[0]
				?.state,
		).toBe("draining");
	});

	it("offers no more than 4,096 functions", async () => {
		const many = Array.from({ length: 4_097 }, (_, index) => `f${index}`);
		await expect(join("n", many)).rejects.toMatchObject({
			code: "RESOURCE_EXHAUSTED",
			retryable: false,
		});
	});

	it("offers them again after connecting anew, however many", async () => {
		const many = Array.from({ length: 3_000 }, (_, index) => `f${index}`);
		await join("n", many);
		await join("n", many, { connectionId: "c2" });
		await registry.register(
			"n",
			"c2",
			many.map((name) => descriptor(name)),
			owner,
		);
		expect(await ids({ function: "f2999" })).toEqual(["n"]);
	});

	it("keeps no id of development mode for it", async () => {
		await join("n", ["add"], { as: DEVELOPER });
		expect(await join("n", ["add"], { connectionId: "c2" })).toEqual({
			replaced: "c-n",
		});
	});
});
