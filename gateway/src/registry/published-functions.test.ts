import { describe, expect, it } from "vitest";
import { openCatalogue } from "../bundles/testing/open-catalogue.js";
import { descriptor } from "../socket/testing/raw-peer.js";
import { principal } from "../socket/testing/test-gateway.js";
import { openRegistry } from "./testing/registry-fixture.js";

const TILE = "mandelbrot@1/tile";
const caller = principal("caller", "call:mandelbrot/*");
const lent = { webgpu: false, simd: true, memoryBytes: 1e9, cores: 2 };

function open() {
	const { bundles, publish } = openCatalogue();
	const opened = openRegistry({ published: bundles });
	const donate = (nodeId: string, names: readonly string[], fields = {}) =>
		opened.join(
			nodeId,
			names.map((name) => descriptor(name)),
			{
				kind: "donor",
				donor: { id: `key-of-${nodeId}`, trusted: false },
				capabilities: lent,
				engine: "chromium-156-x86_64",
				...fields,
			},
		);
	const offered = async (name: string, by = caller) => {
		const { providers } = await opened.registry.providersFor(
			{ function: name },
			by,
		);
		return providers.map(({ nodeId, functions }) => [
			nodeId,
			...functions.map((each) => each.name),
		]);
	};
	return { ...opened, bundles, publish, donate, offered };
}

describe("a donor", () => {
	it("offers what the publisher has said, whatever it says itself, and what it knows of the code", async () => {
		const { registry, publish, donate } = open();
		await publish({
			functions: [{ name: "tile", deterministic: "exact" }, "zoom"],
		});
		await donate("tab-1", []);
		const said = {
			public: true,
			authRequired: false,
			idempotent: false,
			description: "lies",
			resources: {},
		};
		await registry.register(
			"tab-1",
			"c-tab-1",
			[
				descriptor(TILE, { ...said, cached: true }),
				descriptor("mandelbrot@1/zoom", said),
				descriptor("mandelbrot@2/tile"),
				descriptor("mandelbrot/tile"),
				descriptor("other@1/f"),
			],
			principal("owner", "node:*"),
		);
		const [donor] = await registry.list(caller);
		expect(donor).toMatchObject({
			nodeId: "tab-1",
			engine: "chromium-156-x86_64",
			capabilities: lent,
			donor: { id: "key-of-tab-1", trusted: false, validInRow: 0 },
			functions: [
				descriptor(TILE, {
					idempotent: true,
					deterministic: "exact",
					cached: true,
				}),
				descriptor("mandelbrot@1/zoom", { idempotent: true }),
			],
		});
		expect(donor?.functions).toHaveLength(2);
	});

	it("offers no functions of its own, and other nodes none that are published", async () => {
		const { publish, donate, join } = open();
		await publish();
		await expect(donate("tab-1", ["add"])).rejects.toMatchObject({
			code: "PERMISSION_DENIED",
		});
		await expect(join("gpu-1", [TILE])).rejects.toMatchObject({
			code: "INVALID_ARGUMENT",
		});
		await expect(join("gpu-2", ["add"])).resolves.toBeDefined();
	});

	it("without a credential has no id for good, and none that is somebody else's now", async () => {
		const { donate, join } = open();
		const as = (id: string) => ({ as: principal(`donor:${id}`, "node:tab-*") });
		await donate("tab-1", [], as("a"));
		await expect(donate("tab-1", [], as("b"))).rejects.toMatchObject({
			code: "ALREADY_EXISTS",
		});
		await expect(donate("tab-1", [], as("a"))).resolves.toMatchObject({
			replaced: "c-tab-1",
		});
		await expect(donate("gpu-1", [], as("a"))).rejects.toMatchObject({
			code: "PERMISSION_DENIED",
		});
		await expect(join("tab-1", ["add"])).resolves.toMatchObject({
			replaced: "c-tab-1",
		});
		await expect(donate("tab-1", [], as("a"))).rejects.toMatchObject({
			code: "ALREADY_EXISTS",
		});
	});
});

it("is known for a minute after it has left, and keeps nothing but its load up to date", async () => {
	const { registry, clock, donate } = open();
	await donate("tab-1", []);
	const load = { running: 1, queued: 0, maxConcurrent: 2 };
	const resources = {
		cpuCount: 4,
		cpuUsage: 0,
		memoryBytes: 8e9,
		memoryUsage: 0,
		gpus: Array.from({ length: 64 }, () => ({
			name: "x".repeat(8_000),
			memoryBytes: 1,
			memoryUsage: 0,
		})),
	};
	await registry.heartbeat("tab-1", "c-tab-1", { load, resources });
	await registry.leave("tab-1", "c-tab-1");
	await clock.advance(30_000);
	expect(await registry.donorOf("tab-1")).toBe("key-of-tab-1");
	await clock.advance(60_000);
	expect(await registry.donorOf("tab-1")).toBeUndefined();
});

describe("a published function", () => {
	it("goes to the newest version unless one is named", async () => {
		const { publish, donate, offered } = open();
		await publish();
		await donate("tab-1", [TILE]);
		expect(await offered("mandelbrot/tile")).toEqual([["tab-1", TILE]]);
		await publish({ version: "2" });
		expect(await offered("mandelbrot/tile")).toEqual([]);
		await donate("tab-2", [TILE, "mandelbrot@2/tile"]);
		expect(await offered("mandelbrot/tile")).toEqual([
			["tab-2", "mandelbrot@2/tile"],
		]);
		expect(await offered(TILE)).toEqual([
			["tab-1", TILE],
			["tab-2", TILE],
		]);
	});

	it("has another answer, and tells so, when a version comes or goes", async () => {
		const { registry, bundles, publish, donate } = open();
		await publish();
		await publish({ version: "2" });
		await donate("tab-1", [TILE, "mandelbrot@2/tile"]);
		const heard: string[][] = [];
		registry.listen(({ nodeId, functions }) =>
			heard.push([nodeId ?? "", ...functions]),
		);
		const version = async () =>
			(await registry.providersFor({ function: "mandelbrot/tile" }, caller))
				.version;
		const before = await version();
		await bundles.unpublish("mandelbrot", "2");
		expect(await version()).not.toBe(before);
		expect(heard).toEqual([
			["", "mandelbrot@2/tile", "mandelbrot/tile"],
			["tab-1", TILE, "mandelbrot/tile", "mandelbrot@2/tile"],
		]);
	});

	it("is taken off donors with its bundle, and does not come back with another content", async () => {
		const { bundles, publish, donate, offered, refusal } = open();
		await publish();
		await donate("tab-1", [TILE]);
		await bundles.unpublish("mandelbrot", undefined);
		expect(await refusal({ function: TILE }, caller)).toMatchObject({
			code: "NOT_FOUND",
		});
		await publish({ code: "other" });
		expect(await offered(TILE)).toEqual([]);
	});

	it("goes to donors that can run it", async () => {
		const { publish, donate, offered, refusal } = open();
		await publish({
			functions: [
				{ name: "tile", resources: { webgpu: true, memoryBytes: 5e8 } },
			],
		});
		await donate("tab-1", [TILE]);
		expect(await refusal({ function: TILE }, caller)).toMatchObject({
			code: "UNAVAILABLE",
		});
		await donate("tab-2", [TILE], {
			capabilities: { ...lent, webgpu: true, memoryBytes: 1e8 },
		});
		await donate("tab-3", [TILE], { capabilities: { ...lent, webgpu: true } });
		expect(await offered(TILE)).toEqual([["tab-3", TILE]]);
	});

	it("is unavailable while nobody donates, and says what to do", async () => {
		const { publish, donate, refusal, registry } = open();
		await publish();
		const refused = {
			code: "UNAVAILABLE",
			hint: expect.stringContaining("/donate") as string,
		};
		expect(await refusal({ function: "mandelbrot/tile" }, caller)).toEqual(
			refused,
		);
		await donate("tab-1", [TILE]);
		await registry.leave("tab-1", "c-tab-1");
		expect(await refusal({ function: TILE }, caller)).toEqual(refused);
	});

	it("that is not published is not found, with what was meant", async () => {
		const { publish, refusal } = open();
		await publish();
		await publish({ name: "secret" });
		const hint = async (name: string, by = caller) =>
			refusal({ function: name }, by);
		expect(await hint("mandelbrod/tile")).toEqual({
			code: "NOT_FOUND",
			hint: "Did you mean mandelbrot/tile?",
		});
		expect(await hint("mandelbrot@9/tile")).toEqual({
			code: "NOT_FOUND",
			hint: "Did you mean mandelbrot@1/tile?",
		});
		expect(await hint("secrets/tile")).toEqual({
			code: "NOT_FOUND",
			hint: undefined,
		});
	});

	it("that is hidden is as if it were not, and one that is shown is denied", async () => {
		const { publish, refusal, donate } = open();
		await publish({ functions: ["tile", { name: "open", public: true }] });
		const nobody = principal("nobody", "call:other");
		expect(await refusal({ function: "mandelbrot/tile" }, nobody)).toEqual({
			code: "NOT_FOUND",
			hint: "Did you mean mandelbrot/open?",
		});
		expect(
			await refusal({ function: "mandelbrot/open" }, nobody),
		).toMatchObject({ code: "PERMISSION_DENIED" });
		await donate("tab-1", [TILE]);
		expect(
			await refusal({ function: "mandelbrot/tile" }, nobody),
		).toMatchObject({ code: "NOT_FOUND" });
	});
});
