import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallMeta } from "./call-meta.js";
import type { CallTarget } from "./call-request.js";

/** A call that has just been made. */
export interface BegunCall {
	readonly id: string;
	readonly target: CallTarget;
	/** W3C trace context that came with it. */
	readonly traceparent: string | undefined;
	/** It only checks the result of another call, which is what its caller made. */
	readonly replica?: boolean | undefined;
}

/** Watches over one call. */
export interface CallWatch {
	/** W3C trace context to go on with in place of the one that came; absent leaves that. */
	readonly traceparent?: string | undefined;
	/** Asked before the call goes anywhere: it waits for what this gives, and fails with what that rejects with. */
	allow?(): Promise<void> | undefined;
	/** The call is over; `error` is why it failed. Said once. */
	settled(meta: CallMeta, error: EasyRemoteError | undefined): void;
}

/** Hears of every call of a caller, for metrics, logs and traces. It must not throw. */
export interface CallObserver {
	began(call: BegunCall): CallWatch;
}
