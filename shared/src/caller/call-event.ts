import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallMeta } from "./call-meta.js";
import type { CallProgress } from "./call-progress.js";

/** What happens to a call, in order; a retry goes back to `routed`. */
export type CallEvent =
	| { readonly type: "queued"; readonly id: string }
	| {
			readonly type: "routed";
			readonly nodeId: string;
			readonly attempt: number;
			/** Why that node and no other, in a few words for humans. */
			readonly reason: string;
	  }
	| {
			readonly type: "started";
			readonly nodeId: string;
			/** Time it waited at the node, ms. */
			readonly queuedMs: number;
			readonly stream: boolean;
	  }
	| CallProgress
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
