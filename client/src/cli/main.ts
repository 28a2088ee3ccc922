import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { systemClock } from "@easyremote/shared/time";
import { createClient } from "../create-client.js";
import { run } from "./program.js";
import type { Sink } from "./surroundings.js";

// See the README, “Programs that move much”: pipes of hundreds of megabytes go through here.
setFlagsFromString("--heap-growing-percent=400");

const interruption = new AbortController();
process.once("SIGINT", () => {
	interruption.abort(new Error("interrupted"));
	// The second time nobody wants to wait for a tidy end.
	process.once("SIGINT", () => process.exit(130));
});

const code = await run(
	process.argv.slice(2),
	{
		out: sink(process.stdout),
		err: sink(process.stderr),
		environment: process.env,
		readInput,
		readFile: async (path) => plain(await readFile(path)),
		clock: systemClock,
		interrupted: interruption.signal,
	},
	createClient,
);
// Native WebRTC may hold on to the process for a while after its connections were closed.
process.exit(code);

function sink(stream: NodeJS.WriteStream): Sink {
	stream.on("error", (error: NodeJS.ErrnoException) => {
		// Whoever read this has seen enough, as `head` does.
		if (error.code === "EPIPE") process.exit(0);
		throw error;
	});
	return {
		isTerminal: stream.isTTY,
		get columns() {
			return stream.columns;
		},
		write: (chunk) =>
			new Promise((resolve) => {
				stream.write(chunk, () => resolve());
			}),
	};
}

async function readInput(): Promise<Uint8Array> {
	const chunks: Buffer[] = [];
	for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
	return plain(Buffer.concat(chunks));
}

/** Node's Buffer is a type of its own, which the far end would not know what to do with. */
function plain(buffer: Buffer): Uint8Array {
	return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
