import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runJson, startCommand } from "../support/commands.js";
import { createKey } from "../support/create-key.js";
import { Network } from "../support/network.js";
import { type TempFolder, tempFolder } from "../support/temp-folder.js";

let folder: TempFolder;
let network: Network;

beforeEach(async () => {
	folder = await tempFolder();
	network = await Network.start();
});
afterEach(async () => {
	await network.close();
	await folder.close();
});

async function module(text: string, name = "functions.ts"): Promise<string> {
	const file = join(folder.path, name);
	await writeFile(file, text);
	return file;
}

async function easyremote(...args: string[]) {
	const child = startCommand("client", args, {
		env: { EASYREMOTE_GATEWAY: network.url, EASYREMOTE_KEY: "" },
	});
	const { code } = await child.exited;
	return { code, out: child.stdout, err: child.stderr };
}

const SQUARE = "export const square = (n: number): number => n * n;";

describe("easyremote publish", () => {
	it("publishes, lists and takes back", async () => {
		const file = await module(SQUARE);
		const first = await easyremote("publish", file, "--name", "math");
		expect(first).toMatchObject({ code: 0 });
		const version = /Published math@([0-9a-f]{12}) \(\d+ B\): square/.exec(
			first.out,
		)?.[1];
		expect(first.err).toContain("easyremote call math/square");
		expect(first.err).toContain(`${network.url}/donate`);
		expect(first.err).toContain("warning: no function says");

		const options = ["--deterministic", "exact", "--description", "Sums"];
		await module("export const cube = (n: number): number => n ** 3;");
		const [second] = await runJson<{ version: string }>(
			"client",
			["publish", file, "--name", "math", ...options],
			{ EASYREMOTE_GATEWAY: network.url },
		);
		const list = await runJson("client", ["bundles"], {
			EASYREMOTE_GATEWAY: network.url,
		});
		expect(list).toMatchObject([
			{
				name: "math",
				version: second?.version,
				newest: true,
				description: "Sums",
				functions: [{ name: "cube", idempotent: true, deterministic: "exact" }],
			},
			{ name: "math", version, newest: false },
		]);
		expect((await easyremote("bundles")).out).toMatch(
			/^BUNDLE .*\nmath@\w{12} \(newest\) +\d+ B +2\d{3}-.*cube\nmath@/,
		);

		const code = await fetch(
			`${network.url}/bundles/${(list[0] as { sha256: string }).sha256}.js`,
		);
		expect(await code.text()).toContain("cube");

		await easyremote("unpublish", `math@${version ?? ""}`);
		expect((await easyremote("bundles")).out).not.toContain("square");
		expect(await easyremote("unpublish", "math")).toMatchObject({ code: 0 });
		expect((await easyremote("bundles")).err).toContain("Nothing is published");
	});

	it("says of functions what its flags say, unless they do so themselves", async () => {
		// So that the module finds what it imports.
		await symlink(
			fileURLToPath(new URL("../../node_modules", import.meta.url)),
			join(folder.path, "node_modules"),
		);
		const file = await module(`
			import { define } from "@easyremote/shared";
			${SQUARE}
			export const small = define({ resources: { memory: "64MB" } }, () => 1);
		`);
		const flags = ["--isolation", "call", "--webgpu", "--memory", "512MB"];
		flags.push("--engine", "chromium");
		const sent = await easyremote("publish", file, "--name", "math", ...flags);
		expect(sent).toMatchObject({ code: 0 });
		const [bundle] = await runJson("client", ["bundles"], {
			EASYREMOTE_GATEWAY: network.url,
		});
		expect(bundle).toMatchObject({
			isolation: "call",
			functions: [
				{
					name: "small",
					resources: { webgpu: true, memoryBytes: 64e6, engine: "chromium" },
				},
				{
					name: "square",
					resources: { webgpu: true, memoryBytes: 512e6, engine: "chromium" },
				},
			],
		});
		expect(
			await easyremote("publish", file, "--name", "m", "--memory", "much"),
		).toMatchObject({
			code: 2,
			err: expect.stringContaining("much") as string,
		});
	});

	it("says so where the same is published again, and refuses other content", async () => {
		const file = await module(SQUARE);
		const line = ["publish", file, "--name", "math", "--version", "1.0"];
		expect((await easyremote(...line)).out).toMatch(/^Published math@1\.0/);
		expect(await easyremote(...line)).toMatchObject({
			code: 0,
			out: expect.stringMatching(/^Already published, and the same/) as string,
		});
		await module(`${SQUARE} export const one = () => 1;`);
		expect(await easyremote(...line)).toMatchObject({
			code: 1,
			err: expect.stringContaining("ALREADY_EXISTS") as string,
		});
	});

	it("refuses what tabs cannot run, and names that are none", async () => {
		const file = await module('export { readFileSync } from "node:fs";');
		const read = await easyremote("publish", file, "--name", "math");
		expect(read.code).not.toBe(0);
		expect(read.err).toMatch(/"node:fs", imported by functions\.ts/);
		const named = await easyremote("publish", file, "--name", "../x");
		expect(named.err).toContain("cannot be the name of a bundle");
		const reserved = await module(SQUARE, "square.ts");
		expect(
			(await easyremote("publish", reserved, "--name", "jobs")).err,
		).toContain("reserved");
	});

	it("tells who may not, and what is not reached, by its exit code", async () => {
		const file = await module(SQUARE);
		const data = join(folder.path, "data");
		const key = await createKey(data, "--role", "client");
		const strict = network.own(await Network.start({ store: { path: data } }));
		const line = ["publish", file, "--name", "math"];
		const denied = await easyremote(
			...line,
			"--gateway",
			strict.url,
			"--key",
			key,
		);
		expect(denied).toMatchObject({
			code: 4,
			err: expect.stringContaining("publish:math") as string,
		});
		const gone = await easyremote(...line, "--gateway", "http://127.0.0.1:1");
		expect(gone).toMatchObject({
			code: 3,
			err: expect.stringContaining("is not reached") as string,
		});
	});

	it("sends a bundle of megabytes", async () => {
		const file = await module(
			`export const text = () => ${JSON.stringify("é\n".repeat(1_200_000))};`,
		);
		const sent = await easyremote("publish", file, "--name", "large");
		expect(sent).toMatchObject({ code: 0 });
		expect(sent.out).toContain("MB): text");
	});

	it("is told that a bundle is too large", async () => {
		const file = await module(
			`export const text = () => ${JSON.stringify("x".repeat(5_300_000))};`,
		);
		const refused = await easyremote("publish", file, "--name", "large");
		expect(refused.code).toBe(1);
		expect(refused.err).toMatch(
			/takes 5\.30 MB, at most 5\.24 MB .*\(RESOURCE_EXHAUSTED\)/,
		);
		expect((await easyremote("bundles")).err).toContain("Nothing is published");
	});
});
