import type { CallContext } from "../functions/call-context.js";
import type { FunctionEntry } from "../functions/function-entry.js";

/**
 * Where functions run: in this thread, in a worker thread, in a sandbox.
 *
 * `run` gives what the function gives: a value, a promise of one, or a stream (an async iterable or a generator). What
 * it throws, or rejects with, is the function's failure. It is not told of a cancelled call by anything but
 * `call.signal`, and what it answers after that is thrown away.
 */
export interface Executor {
	run(
		entry: FunctionEntry,
		call: CallContext,
		args: readonly unknown[],
	): unknown;
	/** Frees what it holds, once no call runs any more. */
	close?(): Promise<void>;
}
