import { MAX_BUNDLE_BYTES } from "@easyremote/shared/protocol";
import { afterEach, describe, expect, it } from "vitest";
import { bundleOf } from "../bundles/testing/bundle-of.js";
import { bundleApp } from "./testing/bundle-app.js";
import { problem } from "./testing/requests.js";

let close: () => void = () => undefined;
afterEach(() => close());

function open(options?: Parameters<typeof bundleApp>[0]) {
	const opened = bundleApp(options);
	close = opened.close;
	return opened;
}

describe("publishing", () => {
	it("is 201, and 200 for the same again", async () => {
		const { publish, list } = open();
		const first = await publish();
		expect(first.status).toBe(201);
		expect(await first.json()).toMatchObject({
			name: "mandelbrot",
			version: "1",
			publisher: "publisher",
			newest: true,
		});
		expect((await publish()).status).toBe(200);
		expect(await list()).toEqual([
			expect.objectContaining({
				name: "mandelbrot",
				version: "1",
				sha256: bundleOf().manifest.sha256,
				bytes: bundleOf().manifest.bytes,
				isolation: "reuse",
				newest: true,
				publishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
				functions: bundleOf().manifest.functions,
			}),
		]);
	});

	it("is 409 with other code, or another manifest, under a version that is there", async () => {
		const { publish, list } = open();
		await publish();
		for (const other of [
			{ code: "export const tile = 2" },
			{ description: "Tiles" },
		]) {
			const refused = await publish(other);
			expect(refused.status).toBe(409);
			expect(await problem(refused)).toMatchObject({ code: "ALREADY_EXISTS" });
		}
		expect(await list()).toHaveLength(1);
	});

	it("is 409 for one of two that come at the same time", async () => {
		const { publish } = open();
		const both = await Promise.all([
			publish({ code: "1" }),
			publish({ code: "2" }),
		]);
		expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
	});

	it("takes a grant for the name", async () => {
		const { publish, ask } = open();
		expect((await publish({}, "images")).status).toBe(403);
		expect((await publish({}, "caller")).status).toBe(403);
		expect(
			(await ask("PUT", "/api/bundles/mandelbrot/1", "nobody", "{}")).status,
		).toBe(401);
		expect((await publish({ name: "image-blur" }, "images")).status).toBe(201);
		expect(
			(await ask("DELETE", "/api/bundles/image-blur", "caller")).status,
		).toBe(403);
	});

	it("fills in what a manifest may leave out of a function", async () => {
		const { ask } = open();
		const { manifest, code } = bundleOf();
		const body = {
			manifest: { ...manifest, functions: [{ name: "tile" }] },
			code,
		};
		const response = await ask(
			"PUT",
			"/api/bundles/mandelbrot/1",
			"publisher",
			body,
		);
		expect(await response.json()).toMatchObject({
			functions: [
				{
					name: "tile",
					public: false,
					authRequired: true,
					idempotent: true,
					stream: false,
				},
			],
		});
	});

	it.each([
		["code that is not a text", { code: 1 as unknown as string }, "code"],
		["a wrong hash", { sha256: "0".repeat(64) }, "manifest.sha256"],
		["a hash of another form", { sha256: "A".repeat(64) }, "manifest.sha256"],
		["a wrong length", { bytes: 1 }, "manifest.bytes"],
		["no functions", { functions: [] }, "manifest.functions"],
		["a function twice", { functions: ["tile", "tile"] }, "manifest.functions"],
		[
			"a function of another bundle",
			{ functions: ["other/tile"] },
			"manifest.functions[0].name",
		],
		[
			"an unknown isolation",
			{ isolation: "none" as "call" },
			"manifest.isolation",
		],
		[
			"a tolerance below 0",
			{ functions: [{ name: "tile", tolerance: -1 }] },
			"manifest.functions[0].tolerance",
		],
	] as const)(
		"refuses %s, and names the place",
		async (_what, fields, path) => {
			const { ask, list } = open();
			const body = {
				...bundleOf(),
				...("code" in fields
					? fields
					: { manifest: bundleOf(fields).manifest }),
			};
			const refused = await ask(
				"PUT",
				"/api/bundles/mandelbrot/1",
				"publisher",
				body,
			);
			expect(refused.status).toBe(400);
			expect((await problem(refused))["detail"]).toContain(`${path}:`);
			expect(await list()).toEqual([]);
		},
	);

	it("refuses what is published under another path than it says", async () => {
		const { ask } = open();
		const refused = await ask(
			"PUT",
			"/api/bundles/mandelbrot/2",
			"publisher",
			bundleOf(),
		);
		expect(await problem(refused)).toMatchObject({
			status: 400,
			detail: expect.stringContaining("manifest.version") as string,
		});
	});

	it.each(["bundles", "nodes", "jobs", "report", "donors"])(
		"refuses the name %s",
		async (name) => {
			const { publish } = open();
			expect((await publish({ name })).status).toBe(400);
		},
	);

	it.each([
		["%2e%2e%2f%2e%2e%2fetc", "1"],
		["a%00b", "1"],
		["mandelbrot", "%2e%2e%2f1"],
		["mandelbrot", "-rf"],
		["a".repeat(65), "1"],
	])("refuses the path %s/%s", async (name, version) => {
		const { ask } = open();
		const refused = await ask(
			"PUT",
			`/api/bundles/${name}/${version}`,
			"publisher",
			bundleOf(),
		);
		expect(refused.status).toBe(400);
	});

	it.each([
		"",
		"garbage",
		"[]",
		"null",
		'{"manifest":1,"code":""}',
		'{"code":"x"}',
		`{"manifest":${"[".repeat(100_000)}`,
	])("refuses a body of %.20s", async (body) => {
		const { ask } = open();
		const refused = await ask(
			"PUT",
			"/api/bundles/mandelbrot/1",
			"publisher",
			body,
		);
		expect(refused.status).toBe(400);
		await problem(refused);
	});

	it("refuses a manifest that is nested endlessly", async () => {
		const { ask } = open();
		const { manifest, code } = bundleOf();
		const text = JSON.stringify({
			manifest: { ...manifest, functions: [{ name: "tile", input: "DEEP" }] },
			code,
		});
		const body = text.replace(
			'"DEEP"',
			"[".repeat(50_000) + "]".repeat(50_000),
		);
		expect(
			(await ask("PUT", "/api/bundles/mandelbrot/1", "publisher", body)).status,
		).toBe(400);
	});

	it("is no way to reach a prototype", async () => {
		const { publish, list, bundles } = open();
		expect(
			(
				await publish({
					name: "__proto__",
					functions: ["__proto__", "constructor"],
				})
			).status,
		).toBe(201);
		expect(await list()).toHaveLength(1);
		expect(bundles.resolve("__proto__/constructor")?.name).toBe(
			"__proto__@1/constructor",
		);
		expect(bundles.resolve("constructor/toString")).toBeUndefined();
	});

	it("is 413 over 5 MiB, by the code and by the body", async () => {
		const { publish, ask, list } = open();
		const large = await publish({ code: "x".repeat(MAX_BUNDLE_BYTES + 1) });
		expect(large.status).toBe(413);
		expect(
			(await publish({ code: "\n".repeat(MAX_BUNDLE_BYTES) })).status,
		).toBe(201);
		const huge = await ask(
			"PUT",
			"/api/bundles/a/1",
			"publisher",
			" ".repeat(3 * MAX_BUNDLE_BYTES),
		);
		expect(huge.status).toBe(413);
		const { manifest, code } = bundleOf({
			name: "a",
			functions: [{ name: "f", input: { description: "x".repeat(200_000) } }],
		});
		expect(
			(await ask("PUT", "/api/bundles/a/1", "publisher", { manifest, code }))
				.status,
		).toBe(413);
		expect(await list()).toHaveLength(1);
	});

	it("stays below the limits of the gateway", async () => {
		const { publish } = open({
			limits: { maxBundles: 2, maxBundleBytes: 100 },
		});
		expect((await publish({ code: "x".repeat(60) })).status).toBe(201);
		expect((await publish({ code: "y".repeat(60), version: "2" })).status).toBe(
			429,
		);
		expect((await publish({ code: "x".repeat(60), version: "2" })).status).toBe(
			201,
		);
		const refused = await publish({ code: "x".repeat(60), version: "3" });
		expect(await problem(refused)).toMatchObject({
			status: 429,
			retryable: false,
			details: { limit: 2 },
		});
	});

	it("is 501 where the store keeps no bundles", async () => {
		const { publish, list } = open({ keepsBundles: false });
		const refused = await publish();
		expect(await problem(refused)).toMatchObject({
			status: 501,
			hint: expect.stringContaining("bundles") as string,
		});
		expect(await list()).toEqual([]);
	});
});
