// Loads a bundle as far as a donor's Worker would, to see which functions it has.
import { parentPort, workerData } from "node:worker_threads";
import { EasyRemoteError, toWireError } from "@easyremote/shared/errors";
import { describedFunctions } from "./described-functions.js";
import type { ReaderReport, ReaderTask } from "./reader-messages.js";

/** What Node.js has and a Worker of a browser has not: a module that counts on it would fail at every donor. */
const ONLY_NODE = ["process", "Buffer", "global", "setImmediate"];

const { code, defaults } = workerData as ReaderTask;
const report = (message: ReaderReport) => parentPort?.postMessage(message);
// Resolved by now, so that nothing below needs what is taken away.
const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
for (const name of ONLY_NODE) Reflect.deleteProperty(globalThis, name);
Reflect.set(globalThis, "self", globalThis);

try {
	const module = (await import(url)) as object;
	report({ functions: describedFunctions(module, defaults) });
} catch (error) {
	if (error instanceof EasyRemoteError) report({ refused: toWireError(error) });
	else if (error instanceof ReferenceError) report({ lacks: error.message });
	else
		report({ threw: error instanceof Error ? error.message : String(error) });
}
