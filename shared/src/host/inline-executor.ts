import type { Executor } from "./executor.js";

/** Runs functions in the thread that talks to the network: right for whatever does not compute for long. */
export const inlineExecutor: Executor = {
	run: (entry, call, args) => entry.invoke(call, args),
};
