import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallMeta } from "./call-meta.js";

/** Bytes moved so far, with what little goes around the payload. */
export interface TransferProgress {
	readonly sent: number;
	/** What `sent` will come to; grows while an argument is a stream. */
	readonly sendTotal: number;
	/** Of the result, or of the item of a stream, that is arriving. */
	readonly received: number;
	/** 0 while it is not known. */
	readonly receiveTotal: number;
}

/** How far a call is. */
export interface CallProgress {
	/** 0–1, as the function says. */
	readonly fraction?: number | undefined;
	/** In the function's words. */
	readonly message?: string | undefined;
	/** Whatever the function added. */
	readonly data?: unknown;
	readonly transfer: TransferProgress;
}

/** What happens to a call, in order; a retry goes back to `routed`. */
export type CallEvent =
	| { readonly type: "queued"; readonly id: string }
	| {
			readonly type: "routed";
			readonly nodeId: string;
			readonly attempt: number;
	  }
	| {
			readonly type: "started";
			readonly nodeId: string;
			/** Time it waited at the node, ms. */
			readonly queuedMs: number;
			readonly stream: boolean;
	  }
	| ({ readonly type: "progress" } & CallProgress)
	| {
			readonly type: "log";
			readonly message: string;
			readonly fields: unknown;
	  }
	| {
			readonly type: "settled";
			readonly status: "fulfilled" | "rejected";
			readonly error: EasyRemoteError | undefined;
			readonly meta: CallMeta;
	  };
