// What the node serves in tests of single calls: it runs in the test's own process, so tests see into it.
import { define } from "@easyremote/shared";
import { type Gate, gate } from "./gate.js";

export { add, count, fail, sum } from "./functions.js";

const starts = new Map<string, Gate>();
const aborts = new Map<string, Gate<boolean>>();

/** When the call of that name has begun to run. */
export const started = (name: string): Promise<void> =>
	entry(starts, name).opened;

/** When the signal of the call of that name has aborted. */
export const aborted = (name: string): Promise<boolean> =>
	entry(aborts, name).opened;

/** Runs until it is told to stop. */
export const untilAborted = define({}, (call, name: string) => {
	entry(starts, name).open();
	return new Promise<never>((_resolve, reject) => {
		call.signal.addEventListener("abort", () => {
			entry(aborts, name).open(true);
			reject(call.signal.reason as Error);
		});
	});
});

/** Reports a number of steps. */
export const working = define({}, (call, steps: number) => {
	for (let step = 1; step <= steps; step += 1)
		call.progress({ fraction: step / steps, message: `step ${step}` });
	return "done";
});

/** Counts what a stream of bytes brings. */
export async function measure(
	source: AsyncIterable<Uint8Array>,
): Promise<{ chunks: number; bytes: number; kinds: string[] }> {
	const kinds = new Set<string>();
	let chunks = 0;
	let bytes = 0;
	for await (const chunk of source) {
		kinds.add(chunk.constructor.name);
		chunks += 1;
		bytes += chunk.length;
	}
	return { chunks, bytes, kinds: [...kinds] };
}

/** Takes one item of a stream and leaves the rest. */
export async function firstOf(
	source: AsyncIterable<number>,
): Promise<number | undefined> {
	for await (const value of source) return value;
	return undefined;
}

function entry<T>(gates: Map<string, Gate<T>>, name: string): Gate<T> {
	const known = gates.get(name) ?? gate<T>();
	gates.set(name, known);
	return known;
}
