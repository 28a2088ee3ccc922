import { EasyRemoteError } from "@easyremote/shared/errors";
import {
	type CallContext,
	type FunctionEntry,
	type StreamIterator,
	streamOf,
} from "@easyremote/shared/functions";
import type { Executor } from "@easyremote/shared/host";
import type { BundleOffer } from "@easyremote/shared/protocol";
import type { CallStarted } from "../worker-executor.js";
import type { BundlePools } from "./bundle-pools.js";
import type { DutyPlaces } from "./duty-places.js";

/** A function of a bundle, by the name that callers use. */
export interface OfferedFunction {
	readonly offer: BundleOffer;
	/** Its own name within the bundle. */
	readonly own: string;
}

export interface BundleExecutorOptions {
	/** The function of that name, if it is taken now. */
	readonly find: (name: string) => OfferedFunction | undefined;
	readonly places: DutyPlaces;
	readonly pools: BundlePools;
	readonly started: CallStarted;
}

/** Runs published functions in sandboxed Workers, in places that rest between calls. */
export class BundleExecutor implements Executor {
	readonly #options: BundleExecutorOptions;

	constructor(options: BundleExecutorOptions) {
		this.#options = options;
	}

	async run(
		entry: FunctionEntry,
		call: CallContext,
		args: readonly unknown[],
	): Promise<unknown> {
		const { find, places, pools, started } = this.#options;
		const leave = await places.take(call.signal);
		try {
			const found = find(entry.name);
			if (!found) throw notTaken(entry.name);
			started(entry, call);
			const pool = await pools.of(found.offer);
			const answer = await pool.run(found.own, call, args);
			const stream = streamOf(answer);
			if (stream) return leftAtEnd(stream, leave);
			leave();
			return answer;
		} catch (error) {
			leave();
			throw error;
		}
	}

	close(): Promise<void> {
		this.#options.pools.closeAll();
		return Promise.resolve();
	}
}

/** The same stream, whose place is given back when it is over. */
async function* leftAtEnd(
	stream: StreamIterator,
	leave: () => void,
): AsyncGenerator<unknown, unknown> {
	let over = false;
	try {
		for (;;) {
			const step = await stream.next();
			over = step.done === true;
			if (over) return step.value;
			yield step.value;
		}
	} finally {
		if (!over) await stream.return?.();
		leave();
	}
}

/** The bundle was unpublished, or its donor changed its mind, while the call waited. */
function notTaken(name: string): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`"${name}" is not run here any more`,
		{
			details: { started: "no" },
		},
	);
}
