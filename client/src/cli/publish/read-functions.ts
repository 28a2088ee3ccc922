import { Worker, type WorkerOptions } from "node:worker_threads";
import { EasyRemoteError, fromWireError } from "@easyremote/shared/errors";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import type { FunctionDefaults } from "./function-defaults.js";
import type { ReaderReport, ReaderTask } from "./reader-messages.js";

/** Time to load a module, ms. */
const LOAD_MS = 10_000;
/** Memory it may take for that, MB. */
const MEMORY_MB = 1024;

export interface ReadFunctionsOptions {
	readonly defaults: FunctionDefaults;
	readonly clock: Clock;
	/** Gives it up. */
	readonly signal: AbortSignal;
}

/**
 * The functions of a bundle, which is loaded for that in a thread of its own. Throws INVALID_ARGUMENT for one that cannot
 * be loaded, takes longer than 10 s, or has none.
 */
export async function readFunctions(
	code: string,
	{ defaults, clock, signal }: ReadFunctionsOptions,
): Promise<FunctionDescriptor[]> {
	if (signal.aborted) throw interrupted();
	const worker = startReader({ code, defaults });
	let cancelTimer: CancelTimer | undefined;
	let stop: (() => void) | undefined;
	try {
		return functionsOf(
			await new Promise<ReaderReport>((take, reject) => {
				const fail = (why: string, hint?: string) =>
					reject(new EasyRemoteError("INVALID_ARGUMENT", why, { hint }));
				worker.on("message", take);
				worker.on("error", (error) =>
					fail(`the module cannot be loaded: ${error.message}`),
				);
				worker.on("exit", () =>
					fail("the module never finishes loading", WAITING),
				);
				cancelTimer = clock.schedule(LOAD_MS, () =>
					fail(`the module takes over ${LOAD_MS / 1000} s to load`, WAITING),
				);
				stop = () => reject(interrupted());
				signal.addEventListener("abort", stop);
			}),
		);
	} finally {
		cancelTimer?.();
		if (stop) signal.removeEventListener("abort", stop);
		await worker.terminate();
	}
}

const WAITING = "move what it waits for or computes into its functions";

function interrupted(): EasyRemoteError {
	return new EasyRemoteError("CANCELLED", "interrupted");
}

function functionsOf(report: ReaderReport): FunctionDescriptor[] {
	if ("refused" in report) throw fromWireError(report.refused);
	if ("threw" in report)
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`the module throws while it loads: ${report.threw}`,
		);
	if ("lacks" in report)
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`the module cannot be loaded outside of a page: ${report.lacks}`,
			{
				hint: "published functions run in Workers, without document or window; what only browsers have may be used inside of functions, not while the module loads",
			},
		);
	if (report.functions.length > 0) return report.functions;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		"the module exports no functions",
		{ hint: "export each by its name; a default export is not published" },
	);
}

function startReader(workerData: ReaderTask): Worker {
	const options: WorkerOptions = {
		workerData,
		env: {},
		// What the module prints is none of the results.
		stdout: true,
		stderr: true,
		resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
	};
	if (!import.meta.url.endsWith(".ts"))
		return new Worker(
			new URL("./function-reader.worker.js", import.meta.url),
			options,
		);
	// From sources, in this repository's own tests: that takes a loader of TypeScript.
	const tsx = JSON.stringify(import.meta.resolve("tsx/esm/api"));
	const takeTypescript = `import { register } from ${tsx}; register();`;
	return new Worker(new URL("./function-reader.worker.ts", import.meta.url), {
		...options,
		execArgv: [
			"--import",
			`data:text/javascript,${encodeURIComponent(takeTypescript)}`,
			"--conditions",
			"@easyremote/source",
		],
	});
}
