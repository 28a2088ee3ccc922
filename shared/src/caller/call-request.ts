import type { EncodedValue } from "../codec/encoded-value.js";
import type { RouteQuery } from "../protocol/control-messages.js";
import type { ArgumentCheck } from "./argument-check.js";
import type { CallOptions } from "./call-options.js";

/** What to call: a function, at one node or at any that provides it. */
export interface CallTarget extends RouteQuery {
	readonly function: string;
}

/** What to call it with. */
export type CallInput =
	/** Values to be encoded; those that are AsyncIterables stream to the node. */
	| { readonly args: readonly unknown[] }
	/** Already encoded: an array of arguments, or with `named` an object `{ args, kwargs }`. */
	| { readonly encoded: EncodedValue; readonly named?: boolean };

/** One call as the caller takes it. */
export interface CallRequest {
	readonly target: CallTarget;
	readonly input: CallInput;
	readonly options?: CallOptions | undefined;
	/** Has to let the arguments pass before anything is sent. */
	readonly check?: ArgumentCheck | undefined;
	/** A provider to try first, if it takes calls; else and afterwards the route's strategy decides. */
	readonly prefer?: string | undefined;
	/** Format wanted for the answer; absent leaves it to the node (msgpack). */
	readonly accept?: "msgpack" | "structured" | "json" | undefined;
	/** Leaves results and stream items encoded: the call gives `EncodedValue`s. */
	readonly raw?: boolean | undefined;
}
