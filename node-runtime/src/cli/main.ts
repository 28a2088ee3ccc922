import { setFlagsFromString } from "node:v8";
import { AsyncQueue } from "@easyremote/shared/async";
import { run } from "./program.js";
import type { Sink, Surroundings } from "./surroundings.js";

// Chunks of bulk are memory outside the heap that lives for milliseconds. V8 lets so small a heap grow so little that a few
// tens of MB of them cost a full collection, before the quick one that would free them at 32 MB: a third of what bulk
// costs. Five times what is alive is still little, and V8 never goes further than halfway to its limit.
setFlagsFromString("--heap-growing-percent=400");

/** SIGINT and SIGTERM, in the order they come. */
function processSignals(): Surroundings["signals"] {
	const queue = new AsyncQueue<string>();
	for (const name of ["SIGINT", "SIGTERM"])
		process.on(name, () => queue.push(name));
	return { next: () => queue.next() };
}

/** Told by `--watch`, which started this process. */
function sourceChanges(): Surroundings["changes"] {
	if (!process.connected) return undefined;
	const queue = new AsyncQueue<unknown>();
	process.on("message", (message) => queue.push(message));
	return { next: () => queue.next() };
}

function sink(stream: NodeJS.WriteStream): Sink {
	stream.on("error", (error: NodeJS.ErrnoException) => {
		// Whoever read this has gone; the node goes on without being heard.
		if (error.code !== "EPIPE") throw error;
	});
	return { isTerminal: stream.isTTY, write: (text) => stream.write(text) };
}

// Started by --watch: without its parent, nobody would ever stop it.
if (process.connected) process.once("disconnect", () => process.exit(1));

const code = await run(process.argv.slice(2), {
	out: sink(process.stdout),
	err: sink(process.stderr),
	environment: process.env,
	signals: processSignals(),
	changes: sourceChanges(),
	program: [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2)],
});
// Whatever was written to a pipe must leave before the process does, which native WebRTC would keep alive.
process.stdout.write("", () => {
	process.stderr.write("", () => {
		process.exit(code);
	});
});
