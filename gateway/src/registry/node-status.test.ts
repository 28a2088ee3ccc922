import type { NodeResources } from "@easyremote/shared/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { descriptor } from "../socket/testing/raw-peer.js";
import { principal } from "../socket/testing/test-gateway.js";
import {
	caller,
	openRegistry,
	type RegistryFixture,
} from "./testing/registry-fixture.js";

let clock: RegistryFixture["clock"];
let registry: RegistryFixture["registry"];
let join: RegistryFixture["join"];
let ids: RegistryFixture["ids"];
let refusal: RegistryFixture["refusal"];

beforeEach(() => {
	({ clock, registry, join, ids, refusal } = openRegistry());
	return () => registry.close();
});

describe("what a function needs", () => {
	const machine: NodeResources = {
		cpuCount: 2,
		cpuUsage: 0.9,
		memoryBytes: 8e9,
		memoryUsage: 0.5,
		gpus: [],
	};
	const gpus = [{ name: "x", memoryBytes: 16e9, memoryUsage: 0.25 }];

	it("keeps it from nodes that lack it, named or not", async () => {
		const train = descriptor("train", { resources: { gpu: true } });
		await join("plain", [train, "add"], { resources: machine });
		expect(await ids({ function: "add" })).toEqual(["plain"]);
		expect(await refusal({ function: "train" })).toEqual({
			code: "UNAVAILABLE",
			hint: expect.stringContaining("resources") as string,
		});
		expect(await refusal({ node: "plain", function: "train" })).toMatchObject({
			code: "UNAVAILABLE",
		});
		await join("gpu", [train], { resources: { ...machine, gpus } });
		expect(await ids({ function: "train" })).toEqual(["gpu"]);
		const [plain] = (await registry.providersFor({ node: "plain" }, caller))
			.providers;
		expect(plain?.functions.map(({ name }) => name)).toEqual(["add"]);
	});

	it("is looked for in the latest heartbeat", async () => {
		const big = descriptor("big", { resources: { memoryBytes: 3e9 } });
		await join("n", [big], { resources: machine });
		expect(await ids({ function: "big" })).toEqual(["n"]);
		const beat = (memoryUsage: number) =>
			registry.heartbeat("n", "c-n", {
				resources: { ...machine, memoryUsage },
			});
		await beat(0.9);
		expect((await refusal({ function: "big" }))?.code).toBe("UNAVAILABLE");
		await beat(0.5);
		expect(await ids({ function: "big" })).toEqual(["n"]);
	});
});

describe("the state of nodes", () => {
	const admin = principal("admin", "admin", "call:*");

	it("is told with version, place and time, addresses to admins only", async () => {
		const agent = "easyremote-node/1.2.3";
		await join("n", ["add"], { agent, address: "203.0.113.9" });
		const since = new Date(clock.now()).toISOString();
		const [shown] = await registry.nodes(caller);
		expect(shown).toMatchObject({
			nodeId: "n",
			state: "online",
			since,
			version: agent,
			addressClass: "public",
		});
		expect(shown).not.toHaveProperty("address");
		expect(JSON.stringify(shown)).not.toContain("203.0.113.9");
		expect((await registry.nodes(admin))[0]?.address).toBe("203.0.113.9");
		expect(await registry.nodes(principal("stranger"))).toEqual([]);
	});

	it("shows those lost, for ten minutes, but not those that said goodbye, nor tabs", async () => {
		for (const id of ["lost", "left", "mute"]) await join(id, ["add"]);
		await join("tab", ["add"], { kind: "tab" });
		await clock.advance(10_000);
		await registry.drain("left", "c-left");
		for (const id of ["lost", "left", "tab"])
			await registry.leave(id, `c-${id}`);
		const states = async () =>
			(await registry.nodes(caller)).map(({ nodeId, state, since }) => [
				nodeId,
				state,
				(clock.now() - Date.parse(since)) / 1_000,
			]);
		expect(await states()).toEqual([
			["lost", "lost", 0],
			["mute", "online", 10],
		]);
		await clock.advance(15_000);
		expect(await states()).toEqual([
			["lost", "lost", 15],
			["mute", "lost", 3],
		]);
		await clock.advance(600_000);
		expect(await states()).toEqual([]);
		expect(await registry.list(caller)).toEqual([]);
	});
});
