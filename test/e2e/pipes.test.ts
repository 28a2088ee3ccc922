import { spawn } from "node:child_process";
import { createHash, type Hash } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sourceFlags } from "../support/child.js";
import * as functions from "../support/functions.js";
import { Network } from "../support/network.js";

const MIB = 1024 * 1024;
const SIZE_MIB = 100;

let network: Network;
beforeEach(async () => {
	network = await Network.start();
});
afterEach(() => network.close());

/** Blocks of which none is like another, put into the hash as they leave. */
function* blocks(hash: Hash): Generator<Buffer> {
	const block = Buffer.alloc(MIB, "a block of a pipe, ");
	for (let index = 0; index < SIZE_MIB; index += 1) {
		block.writeUInt32BE(index);
		const copy = Buffer.from(block);
		hash.update(copy);
		yield copy;
	}
}

it(`${SIZE_MIB} MiB through a pipe into a call, and back out of it, arrive whole`, async () => {
	await network.node(functions);
	const main = new URL("../../client/src/cli/main.ts", import.meta.url);
	const args = ["call", "echo", "-", "--gateway", network.url];
	const command = spawn(
		process.execPath,
		[...sourceFlags, fileURLToPath(main), ...args],
		{ stdio: ["pipe", "pipe", "inherit"] },
	);
	const ended = once(command, "exit");
	const sent = createHash("sha256");
	const fed = (async () => {
		for (const block of blocks(sent))
			if (!command.stdin.write(block)) await once(command.stdin, "drain");
		command.stdin.end();
	})();
	const received = createHash("sha256");
	let bytes = 0;
	for await (const chunk of command.stdout as AsyncIterable<Buffer>) {
		received.update(chunk);
		bytes += chunk.length;
	}
	await fed;
	expect((await ended)[0]).toBe(0);
	expect(bytes).toBe(SIZE_MIB * MIB);
	expect(received.digest("hex")).toBe(sent.digest("hex"));
});
