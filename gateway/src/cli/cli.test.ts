import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const children: ChildProcess[] = [];
let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "easyremote-cli-"));
});

afterEach(async () => {
	for (const child of children.splice(0)) {
		if (child.exitCode !== null || child.signalCode !== null) continue;
		child.kill("SIGKILL");
		await once(child, "exit");
	}
	rmSync(folder, { recursive: true, force: true });
});

interface Run {
	readonly child: ChildProcess;
	/** Lines of standard output, as they come. */
	readonly lines: AsyncIterator<string>;
	/** Exit code and all that was written. */
	readonly done: Promise<{ code: number | null; out: string; err: string }>;
}

function run(
	args: readonly string[],
	environment: Record<string, string> = {},
): Run {
	const inherited = Object.entries(process.env).filter(
		([name]) => !name.startsWith("EASYREMOTE_"),
	);
	const child = spawn(
		process.execPath,
		["--import", "tsx", "-C", "@easyremote/source", main, ...args],
		{
			env: { ...Object.fromEntries(inherited), NO_COLOR: "1", ...environment },
			cwd: fileURLToPath(new URL("../..", import.meta.url)),
			stdio: ["ignore", "pipe", "pipe"],
		},
	);
	children.push(child);
	let out = "";
	let err = "";
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		out += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		err += text;
	});
	const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
	const done = once(child, "close").then(([code]) => ({
		code: code as number | null,
		out,
		err,
	}));
	return { child, lines, done };
}

async function json(
	lines: AsyncIterator<string>,
): Promise<Record<string, unknown>> {
	const { value } = (await lines.next()) as IteratorResult<string, undefined>;
	return JSON.parse(value ?? "null") as Record<string, unknown>;
}

describe("easyremote-gateway", { timeout: 180_000 }, () => {
	it("serves until it is asked to stop, and leaves with 0", async () => {
		const gateway = run(["--port", "0", "--data", folder, "--json"]);
		const event = await json(gateway.lines);
		expect(event).toMatchObject({ event: "listening", developmentMode: true });
		expect((await fetch(`${String(event["url"])}/healthz`)).status).toBe(200);
		gateway.child.kill("SIGTERM");
		const { code, out } = await gateway.done;
		expect(code).toBe(0);
		expect(out.trim().split("\n").at(-1)).toBe('{"event":"closed"}');
	});

	it("notices keys made and revoked by another process", async () => {
		const gateway = run(["--port", "0", "--data", folder, "--json"]);
		const { url } = await json(gateway.lines);
		const made = await run([
			"key",
			"create",
			"--role",
			"client",
			"--data",
			folder,
			"--json",
		]).done;
		const { id, key } = JSON.parse(made.out) as { id: string; key: string };
		const headers = { authorization: `Bearer ${key}` };
		const status = async () =>
			(await fetch(`${String(url)}/api`, { headers })).status;
		await expect.poll(status, { timeout: 10_000 }).toBe(200);
		expect((await run(["key", "revoke", id, "--data", folder]).done).code).toBe(
			0,
		);
		await expect.poll(status, { timeout: 10_000 }).toBe(401);
	});
});
