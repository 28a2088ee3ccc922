import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@easyremote/shared/time";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../../create-client.js";
import { run } from "../program.js";
import type { Sink } from "../surroundings.js";

/** A terminal, and what stands on it. */
class Terminal implements Sink {
	readonly isTerminal = true;
	readonly columns = 80;
	text = "";

	write(chunk: string | Uint8Array): Promise<void> {
		this.text += Buffer.from(chunk).toString();
		return Promise.resolve();
	}
}

let clock: ManualClock;
let server: Server;
let folder: string;
beforeEach(async () => {
	clock = new ManualClock();
	folder = await mkdtemp(join(tmpdir(), "easyremote-test-"));
	server = createServer((request, response) => {
		request.once("data", () => {
			// It takes its time with the rest.
			request.pause();
			void clock.advance(1_000).then(() => request.resume());
		});
		request.once("end", () => response.writeHead(201).end());
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
	await new Promise((resolve) => server.close(resolve));
	await rm(folder, { recursive: true });
});

async function publish(...flags: string[]) {
	const out = new Terminal();
	const err = new Terminal();
	const file = join(folder, "functions.ts");
	await writeFile(
		file,
		`export const text = () => ${JSON.stringify("x".repeat(5_000_000))};`,
	);
	const { port } = server.address() as AddressInfo;
	const gateway = `http://127.0.0.1:${port}`;
	const code = await run(
		["publish", file, "--name", "large", "--gateway", gateway, ...flags],
		{
			out,
			err,
			environment: { NO_COLOR: "1" },
			readInput: () => Promise.resolve(new Uint8Array()),
			readFile: () => Promise.reject(new Error("no such file")),
			clock,
			interrupted: new AbortController().signal,
		},
		createClient,
	);
	return { code, out: out.text, err: err.text };
}

describe("publishing from a terminal", () => {
	it("shows how much is on its way, and takes that away in the end", async () => {
		const { code, err, out } = await publish();
		expect(code).toBe(0);
		expect(err).toMatch(/\r\S+sending +█*░+ +\d+ % +\S+ .B of 5\.00 MB/);
		expect(err).toMatch(/\r\u001b\[K\nCall it/);
		expect(out).toContain("Published large@");
	});

	it("shows no bar among lines of JSON", async () => {
		expect((await publish("--json")).err).not.toContain("sending");
	});
});
