import { afterEach, describe, expect, it } from "vitest";
import { bundleOf } from "../bundles/testing/bundle-of.js";
import { bundleApp } from "./testing/bundle-app.js";
import { poster } from "./testing/requests.js";
import { scriptedApp } from "./testing/scripted-app.js";

let close: () => void = () => undefined;
afterEach(() => close());

function open(options?: Parameters<typeof bundleApp>[0]) {
	const opened = bundleApp(options);
	close = opened.close;
	return opened;
}

describe("a published function", () => {
	it("is called by its path, as by any other reference", async () => {
		const { app, ...scripted } = scriptedApp({
			"mandelbrot/tile": (args) => args,
		});
		close = scripted.close;
		const post = poster(app);
		const answer = await post("/api/mandelbrot/tile", { args: [1] });
		expect(answer.headers.get("x-easyremote-node")).toBe("scripted");
		expect(await answer.json()).toEqual({ result: [1] });
		expect((await post("/api/mandelbrot%2Ftile", { args: [1] })).status).toBe(
			200,
		);
		const job = await post(
			"/api/mandelbrot/tile",
			{ args: [1] },
			{ prefer: "respond-async" },
		);
		expect(job.status).toBe(202);
		await scripted.jobs.close();
	});

	it("is not found under words that stand for something else, nor under what is no name", async () => {
		const { app, ...scripted } = scriptedApp({ "jobs/tile": () => 1 });
		close = scripted.close;
		const post = poster(app);
		expect((await post("/api/jobs/tile", {})).status).toBe(405);
		for (const path of [
			"%2e%2e%2f/tile",
			"a@/tile",
			"a@1%2F2/tile",
			"a/b%00",
			"a@../b",
		])
			expect((await post(`/api/${path}`, {})).status, path).toBe(400);
		expect((await post("/api/mandelbrot@1/tile", {})).status).toBe(404);
	});

	it("is listed in its newest version, whether somebody donates or not", async () => {
		const { publish, ask } = open();
		await publish();
		await publish({ version: "2", functions: ["tile", "zoom"] });
		const list = async (as: string) =>
			((await (await ask("GET", "/api", as)).json()) as { functions: object[] })
				.functions;
		expect(await list("publisher")).toMatchObject([
			{ name: "mandelbrot/tile", version: "2", nodes: [] },
			{ name: "mandelbrot/zoom", version: "2", nodes: [] },
		]);
		expect(await list("caller")).toMatchObject([{ name: "mandelbrot/tile" }]);
		expect(await list("nobody")).toEqual([]);
	});
});

describe("what is published", () => {
	it("is listed for whoever may call or publish it", async () => {
		const { publish, list } = open();
		await publish({ functions: ["tile", "secret"] });
		await publish({ name: "image-blur" });
		await publish({ name: "open", functions: [{ name: "f", public: true }] });
		const names = async (as: string) =>
			(await list(as)).map(({ name, functions }) => [
				name,
				...(functions as { name: string }[]).map((each) => each.name),
			]);
		expect(await names("caller")).toEqual([
			["mandelbrot", "tile"],
			["open", "f"],
		]);
		expect(await names("images")).toEqual([
			["image-blur", "tile"],
			["open", "f"],
		]);
		expect(await names("nobody")).toEqual([["open", "f"]]);
	});

	it("goes by the newest version, whatever its name", async () => {
		const { publish, list, bundles } = open();
		await publish({ version: "2" });
		await publish({ version: "1", code: "other" });
		expect(
			(await list()).map(({ version, newest }) => [version, newest]),
		).toEqual([
			["2", false],
			["1", true],
		]);
		expect(bundles.resolve("mandelbrot/tile")?.name).toBe("mandelbrot@1/tile");
		expect(bundles.resolve("mandelbrot@2/tile")?.name).toBe(
			"mandelbrot@2/tile",
		);
		expect(bundles.resolve("mandelbrot@3/tile")).toBeUndefined();
		expect(bundles.resolve("mandelbrot/other")).toBeUndefined();
	});

	it("is gone after DELETE, a version or all, and the one before is the newest again", async () => {
		const { publish, ask, list, bundles } = open();
		for (const version of ["1", "2", "3"])
			await publish({ version, code: version });
		expect((await ask("DELETE", "/api/bundles/mandelbrot/3")).status).toBe(204);
		expect(bundles.resolve("mandelbrot/tile")?.name).toBe("mandelbrot@2/tile");
		expect((await ask("DELETE", "/api/bundles/mandelbrot/3")).status).toBe(404);
		expect((await ask("DELETE", "/api/bundles/mandelbrot")).status).toBe(204);
		expect((await ask("DELETE", "/api/bundles/mandelbrot")).status).toBe(404);
		expect(await list()).toEqual([]);
		expect(bundles.resolve("mandelbrot/tile")).toBeUndefined();
	});

	it("tells who listens which names mean something else now", async () => {
		const { publish, bundles } = open();
		const heard: string[][] = [];
		bundles.listen((names) => heard.push([...names]));
		await publish();
		await bundles.unpublish("mandelbrot", undefined);
		expect(heard).toEqual([
			["mandelbrot@1/tile", "mandelbrot/tile"],
			["mandelbrot@1/tile", "mandelbrot/tile"],
		]);
	});

	it("has its code at its hash, for good, for fetch and for nothing that would run it", async () => {
		const { publish, ask, askAs, bundles } = open();
		const { manifest, code } = bundleOf();
		const path = `/bundles/${manifest.sha256}.js`;
		expect((await ask("GET", path)).status).toBe(404);
		await publish();
		const response = await ask("GET", path, "nobody");
		expect(await response.text()).toBe(code);
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"content-type": "text/javascript; charset=utf-8",
			"cache-control": "public, max-age=31536000, immutable",
			"x-content-type-options": "nosniff",
			"content-security-policy":
				"default-src 'none'; sandbox; frame-ancestors 'none'",
			"access-control-allow-origin": "*",
		});
		for (const destination of ["script", "worker", "serviceworker", "iframe"])
			expect((await askAs(path, destination)).status).toBe(403);
		expect((await askAs(path, "empty")).status).toBe(200);
		for (const bad of [
			"/bundles/..%2f..%2fetc.js",
			"/bundles/__proto__",
			`/bundles/${"0".repeat(64)}.js`,
		])
			expect((await ask("GET", bad)).status).toBe(404);
		await bundles.unpublish("mandelbrot", undefined);
		expect((await ask("GET", path)).status).toBe(404);
	});
});
