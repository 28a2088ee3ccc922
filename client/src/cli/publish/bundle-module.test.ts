import { Buffer } from "node:buffer";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { bundleModule } from "./bundle-module.js";

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "easyremote-publish-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A module that adds: (func (export "add") (param i32 i32) (result i32) …). */
const ADD_WASM = Uint8Array.from([
	0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7,
	7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11,
]);

async function write(
	files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
	for (const [path, content] of Object.entries(files)) {
		const place = join(folder, path);
		await mkdir(dirname(place), { recursive: true });
		await writeFile(place, content);
	}
	return join(folder, Object.keys(files)[0] ?? "");
}

async function load(code: string): Promise<Record<string, () => unknown>> {
	const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
	return (await import(/* @vite-ignore */ url)) as never;
}

it("makes one module of TypeScript, packages, JSON, WebAssembly and dynamic imports", async () => {
	const file = await write({
		"main.ts": `
			import { twice } from "doubling";
			import wasm from "./add.wasm";
			import { three } from "./numbers.json";
			export const json = (): number => twice(three);
			export async function later(): Promise<number> { return (await import("./later.ts")).value; }
			export const sum = () => new WebAssembly.Instance(wasm).exports.add(20, 22);
			export const mode = () => process.env.NODE_ENV;`,
		"later.ts": "export const value: number = 7;",
		"numbers.json": '{ "three": 3 }',
		"add.wasm": ADD_WASM,
		"node_modules/doubling/package.json":
			'{ "name": "doubling", "exports": { "node": "./no.js", "browser": "./yes.js" }, "type": "module" }',
		"node_modules/doubling/no.js": 'import "node:fs";',
		"node_modules/doubling/yes.js": "export const twice = (n) => n * 2;",
	});
	const bundle = await bundleModule(file);
	expect(bundle.bytes).toBe(Buffer.byteLength(bundle.code));
	expect(bundle.sha256).toMatch(/^[0-9a-f]{64}$/);
	const { json, later, sum, mode } = await load(bundle.code);
	expect(json?.()).toBe(6);
	expect(await later?.()).toBe(7);
	expect(sum?.()).toBe(42);
	expect(mode?.()).toBe("production");
});

it("gives the same content for the same module", async () => {
	const file = await write({ "main.ts": "export const one = () => 1;" });
	expect(await bundleModule(file)).toEqual(await bundleModule(file));
});

it("names an import of Node's own and who imports it", async () => {
	const file = await write({
		"main.ts": 'export { read } from "./lib/files.ts";',
		"lib/files.ts":
			'import { readFileSync } from "node:fs"; export const read = () => readFileSync("/etc/passwd");',
	});
	await expect(bundleModule(file)).rejects.toMatchObject({
		code: "INVALID_ARGUMENT",
		message: expect.stringMatching(
			/"node:fs", imported by lib\/files\.ts, is a part of Node\.js/,
		) as string,
	});
	const old = await write({
		"old.cjs": 'exports.hash = () => require("crypto").createHash("md5");',
	});
	await expect(bundleModule(old)).rejects.toThrow(
		/"crypto", imported by old\.cjs/,
	);
});

it("does not mind Node's own in code that nobody needs", async () => {
	const file = await write({
		"main.ts": 'import { one } from "both"; export const it = () => one;',
		"node_modules/both/package.json":
			'{ "name": "both", "exports": "./index.js", "type": "module", "sideEffects": false }',
		"node_modules/both/index.js":
			'export { one } from "./one.js"; export { files } from "./files.js";',
		"node_modules/both/one.js": "export const one = 1;",
		"node_modules/both/files.js":
			'import * as fs from "fs"; export const files = () => fs.readdirSync(".");',
	});
	const { code } = await bundleModule(file);
	expect(code).not.toMatch(/fs/);
});

it("takes a package for a built-in module of the same name", async () => {
	const file = await write({
		"main.ts":
			'import { nextTick } from "process"; export const it = () => nextTick;',
		"node_modules/process/package.json":
			'{ "name": "process", "main": "./index.js", "type": "module" }',
		"node_modules/process/index.js":
			'export const nextTick = "from a package";',
	});
	const { it: found } = await load((await bundleModule(file)).code);
	expect(found?.()).toBe("from a package");
});

it("says what is not there, and what is no module", async () => {
	const file = await write({
		"main.ts": 'import { a } from "nowhere"; export const b = () => a;',
	});
	await expect(bundleModule(file)).rejects.toThrow(
		/"nowhere", imported by main\.ts, was not found/,
	);
	await expect(bundleModule(join(folder, "absent.ts"))).rejects.toThrow(
		/cannot read .*absent\.ts/,
	);
	const broken = await write({ "broken.ts": "export const = 1" });
	await expect(bundleModule(broken)).rejects.toMatchObject({
		code: "INVALID_ARGUMENT",
		message: expect.stringMatching(/cannot be bundled[^]*broken\.ts/) as string,
	});
});

it("says what is large in a bundle over 5 MiB", async () => {
	const file = await write({
		"main.ts":
			'import data from "./data.json"; export const at = (n: number) => data[n];',
		"data.json": JSON.stringify(
			Array.from({ length: 700_000 }, (_, n) => 1_000_000 + n),
		),
	});
	await expect(bundleModule(file)).rejects.toMatchObject({
		code: "RESOURCE_EXHAUSTED",
		message: expect.stringMatching(
			/takes 5\.\d+ MB, at most 5\.24 MB/,
		) as string,
		hint: expect.stringMatching(/data\.json \d/) as string,
	});
});
