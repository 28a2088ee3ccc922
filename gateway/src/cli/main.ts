import { setFlagsFromString } from "node:v8";
import { AsyncQueue } from "@easyremote/shared/async";
import { createLog } from "./log.js";
import { run } from "./program.js";
import type { Signals } from "./start-command.js";

// Chunks of bulk are memory outside the heap that lives for milliseconds. V8 lets so small a heap grow so little that a few
// tens of MB of them cost a full collection, before the quick one that would free them at 32 MB: a third of what bulk
// costs. Five times what is alive is still little, and V8 never goes further than halfway to its limit.
setFlagsFromString("--heap-growing-percent=400");

/** SIGINT and SIGTERM, in the order they come. Once asked for, they no longer end the process by themselves. */
function processSignals(): Signals {
	let come: AsyncQueue<string> | undefined;
	const listen = () => {
		const queue = new AsyncQueue<string>();
		for (const name of ["SIGINT", "SIGTERM"]) {
			process.on(name, () => {
				queue.push(name);
			});
		}
		return queue;
	};
	return {
		async next() {
			come ??= listen();
			await come.next();
		},
	};
}

const code = await run(process.argv.slice(2), {
	out: process.stdout,
	err: process.stderr,
	environment: process.env,
	signals: processSignals(),
	now: () => Date.now(),
	logger: (json, level) =>
		createLog({
			json,
			level,
			colour: process.stderr.isTTY && process.env["NO_COLOR"] === undefined,
		}),
});
// Whatever was written to a pipe must leave before the process does.
process.stdout.write("", () => {
	process.stderr.write("", () => {
		process.exit(code);
	});
});
