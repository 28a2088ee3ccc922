import type { WireError } from "@easyremote/shared/errors";
import type { CallProgress } from "@easyremote/shared/functions";
import type { FunctionDescriptor } from "@easyremote/shared/protocol";

/** First message to a function Worker: the port on which it serves, and what to import if it has no functions of its own. */
export interface FunctionWorkerBoot {
	readonly easyremote: "serve";
	readonly port: MessagePort;
	/** Absolute address of the module. */
	readonly module?: string | undefined;
}

/** What a function threw, in a shape that survives `postMessage` with its name. */
export interface ThrownError {
	readonly name: string;
	readonly message: string;
	readonly stack?: string | undefined;
	/** Set where it was an EasyRemoteError: the whole of it. */
	readonly wire?: WireError | undefined;
}

/** The part of a call's context that is data. */
export interface CallFacts {
	readonly id: string;
	readonly attempt: number;
	/** Wall time, ms since the Unix epoch. */
	readonly deadline?: number | undefined;
	readonly caller: { readonly id: string; readonly subject: string };
	readonly traceparent?: string | undefined;
}

/** What the node Worker says to a function Worker. `call` numbers the calls of one port. */
export type FunctionCommand =
	| {
			readonly type: "call";
			readonly call: number;
			readonly name: string;
			readonly facts: CallFacts;
			readonly args: readonly unknown[];
			/** Positions of arguments that are streams: pulled one piece at a time. */
			readonly inputs: readonly number[];
	  }
	| {
			readonly type: "abort";
			readonly call: number;
			readonly reason: ThrownError;
	  }
	/** Room for so many more items of the call's stream. */
	| {
			readonly type: "credit";
			readonly call: number;
			readonly items: number;
			/** To be given back with the items that follow: whoever has it knew of the room. */
			readonly receipt?: number | undefined;
	  }
	/** The reader of the call's stream left early. */
	| { readonly type: "return"; readonly call: number }
	| {
			readonly type: "input_item";
			readonly call: number;
			readonly input: number;
			readonly value: unknown;
	  }
	| {
			readonly type: "input_end";
			readonly call: number;
			readonly input: number;
			readonly error?: ThrownError | undefined;
	  };

/** What a function Worker says to the node Worker. */
export type FunctionReport =
	| {
			readonly type: "ready";
			readonly functions: readonly FunctionDescriptor[];
	  }
	| { readonly type: "load_failed"; readonly error: ThrownError }
	/** An error outside any call's promise: the Worker's state is in doubt. */
	| { readonly type: "crashed"; readonly error: ThrownError }
	| {
			readonly type: "progress";
			readonly call: number;
			readonly progress: CallProgress;
	  }
	| {
			readonly type: "log";
			readonly call: number;
			readonly message: string;
			readonly fields?: Readonly<Record<string, unknown>> | undefined;
	  }
	| {
			readonly type: "input_pull";
			readonly call: number;
			readonly input: number;
	  }
	/** The reader of an input left early. */
	| {
			readonly type: "input_return";
			readonly call: number;
			readonly input: number;
	  }
	/** The answer is a stream: items follow as credit allows, then `result`. */
	| { readonly type: "stream"; readonly call: number }
	| {
			readonly type: "item";
			readonly call: number;
			readonly value: unknown;
			/** Of the latest credit. */
			readonly receipt?: number | undefined;
	  }
	| { readonly type: "result"; readonly call: number; readonly value: unknown }
	| {
			readonly type: "failed";
			readonly call: number;
			readonly error: ThrownError;
	  };

/** Items a function may be ahead of its reader. */
export const STREAM_WINDOW_ITEMS = 8;
