import { EasyRemoteError } from "../../errors/easyremote-error.js";
import type { ArgumentCheck } from "../argument-check.js";
import type { CallDefaults, CallOptions } from "../call-options.js";
import type { CallTarget } from "../call-request.js";
import { checkCount, settleOptions } from "../call-settings.js";

/** How far a map has come. */
export interface MapProgress {
	/** Items taken from the source. */
	readonly taken: number;
	/** Items that are over, the failed ones included. */
	readonly done: number;
	readonly failed: number;
	/** Calls running now, second copies of stragglers included. */
	readonly running: number;
	/** Nodes that may be given items now. */
	readonly nodes: number;
	/** Whether the source has no more items, so that `taken` is all there are. */
	readonly sourceEnded: boolean;
}

/** What `.map(inputs, options)` takes. */
export interface MapOptions {
	/** Most calls running at once, at all nodes together. Absent: as many as the nodes have places for. */
	readonly concurrency?: number | undefined;
	/** Results come in the order of the inputs (default), or as they come. */
	readonly ordered?: boolean | undefined;
	/**
	 * `"throw"` (default): the first failure ends the map. `"yield"`: each item gives `{ status: "fulfilled", value, index, nodeId }` or
	 * `{ status: "rejected", reason, index }`.
	 */
	readonly onError?: "throw" | "yield" | undefined;
	/** How often one item may be tried again, where that is allowed at all. */
	readonly retries?: number | undefined;
	/** Stops everything when it aborts. */
	readonly signal?: AbortSignal | undefined;
	/** Most items taken from the source whose results have not been read. Absent: four for each call that may run. */
	readonly buffer?: number | undefined;
	/** Near the end, whether slow items of an idempotent function are started at an idle node as well (default). */
	readonly stragglers?: boolean | undefined;
	/** Hears of each item that is over. */
	readonly onProgress?: ((progress: MapProgress) => void) | undefined;
}

/** One map with everything that can be said about it. */
export interface MapRequest {
	readonly target: CallTarget;
	/** Each item is the only argument of one call. */
	readonly inputs: Iterable<unknown> | AsyncIterable<unknown>;
	readonly options?: MapOptions | undefined;
	/** What `.with()` said: holds for each item's call. */
	readonly callOptions?: CallOptions | undefined;
	/** Has to let each item pass before it is sent. */
	readonly check?: ArgumentCheck | undefined;
}

/** What an item came to, where `onError` is `"yield"`. `index` is its place in the inputs, from 0. */
export type MapOutcome<T> =
	| {
			readonly status: "fulfilled";
			readonly value: T;
			readonly index: number;
			/** The node that gave it. */
			readonly nodeId: string;
	  }
	| {
			readonly status: "rejected";
			readonly reason: EasyRemoteError;
			readonly index: number;
	  };

/** Options, checked and completed. */
export interface MapSettings {
	readonly concurrency: number;
	readonly ordered: boolean;
	readonly yieldErrors: boolean;
	readonly signals: readonly AbortSignal[];
	readonly buffer: number | undefined;
	readonly stragglers: boolean;
	readonly onProgress: ((progress: MapProgress) => void) | undefined;
	/** For each item's call. */
	readonly call: CallOptions;
	/** How long an item may take, attempts and pauses included. */
	readonly timeoutMs: number;
}

const KNOWN: ReadonlySet<string> = new Set<keyof MapOptions>([
	"concurrency",
	"ordered",
	"onError",
	"retries",
	"signal",
	"buffer",
	"stragglers",
	"onProgress",
]);

/** Throws INVALID_ARGUMENT that names the option, or says that the inputs are of no use. */
export function settleMapRequest(
	{ inputs, options = {}, callOptions = {} }: MapRequest,
	defaults: CallDefaults,
): MapSettings {
	if (!isIterable(inputs)) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			"the inputs of a map must be an Iterable or an AsyncIterable",
		);
	}
	for (const key of Object.keys(options))
		if (!KNOWN.has(key)) throw invalid(key, "is not known");
	const onError: string = options.onError ?? "throw";
	const { concurrency, buffer, retries } = options;
	if (onError !== "throw" && onError !== "yield")
		throw invalid("onError", 'must be "throw" or "yield"');
	const { signal, idempotencyKey, onProgress: _each, ...given } = callOptions;
	if (idempotencyKey !== undefined)
		throw invalid("idempotencyKey", "names one call, and a map makes many");
	const call = retries === undefined ? given : { ...given, retries };
	return {
		concurrency: atLeastOne("concurrency", concurrency) ?? Infinity,
		ordered: options.ordered ?? true,
		yieldErrors: onError === "yield",
		signals: [signal, options.signal].filter((one) => one !== undefined),
		buffer: atLeastOne("buffer", buffer),
		stragglers: options.stragglers ?? true,
		onProgress: options.onProgress,
		call,
		timeoutMs: settleOptions(call, defaults).timeoutMs,
	};
}

function atLeastOne(
	name: string,
	count: number | undefined,
): number | undefined {
	if (count === undefined || checkCount(name, count) > 0) return count;
	throw invalid(name, "must be 1 at least");
}

function invalid(name: string, problem: string): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", `option "${name}" ${problem}`);
}

/** Written in JavaScript, it may be anything. A text is one value, though it could be iterated. */
function isIterable(inputs: unknown): boolean {
	return (
		typeof inputs === "object" &&
		inputs !== null &&
		(Symbol.asyncIterator in inputs || Symbol.iterator in inputs)
	);
}
