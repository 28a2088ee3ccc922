import type { MessagePort } from "node:worker_threads";
import type { WireError } from "@easyremote/shared/errors";
import type { CallContext, CallProgress } from "@easyremote/shared/functions";

/** What was thrown, as it crosses threads: structured clone would lose class and extra fields. */
export interface ThrownRecord {
	readonly name: string;
	readonly message: string;
	readonly stack: string | undefined;
	/** Set where an EasyRemoteError was thrown. */
	readonly wire: WireError | undefined;
}

/** One call, as it is handed to a worker thread. */
export interface WorkerTask {
	/** URL of the module that holds the function. */
	readonly module: string;
	/** Name of the function among those that `collectFunctions` finds in the module. */
	readonly name: string;
	readonly args: readonly unknown[];
	/** Positions of arguments that are drawn piece by piece. */
	readonly inputs: readonly number[];
	readonly call: Pick<
		CallContext,
		"id" | "attempt" | "caller" | "deadline" | "traceparent"
	>;
	readonly port: MessagePort;
}

/** What the main thread says while a call runs. */
export type ToWorker =
	| { readonly kind: "abort"; readonly reason: ThrownRecord }
	/** Asks for the next item of the stream. */
	| { readonly kind: "pull" }
	/** No more items are wanted. */
	| { readonly kind: "return" }
	/** The next piece of an argument, or its end. */
	| {
			readonly kind: "input";
			readonly position: number;
			readonly done: boolean;
			readonly value: unknown;
	  }
	| {
			readonly kind: "input_failed";
			readonly position: number;
			readonly thrown: ThrownRecord;
	  };

/** What the worker thread says while a call runs. The last message is `value`, `end` or `failed`. */
export type FromWorker =
	| { readonly kind: "value"; readonly value: unknown }
	/** The function answers with a stream, whose items are to be pulled. */
	| { readonly kind: "stream" }
	| { readonly kind: "item"; readonly value: unknown }
	| { readonly kind: "end" }
	| { readonly kind: "failed"; readonly thrown: ThrownRecord }
	| { readonly kind: "progress"; readonly progress: number | CallProgress }
	| {
			readonly kind: "log";
			readonly message: string;
			readonly fields: Readonly<Record<string, unknown>> | undefined;
	  }
	| { readonly kind: "pull_input"; readonly position: number }
	| { readonly kind: "return_input"; readonly position: number };
