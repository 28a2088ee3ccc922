import type { Channel } from "../channel/channel.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { Clock } from "../time/clock.js";
import type {
	AcceptCall,
	CallEnd,
	CallEvents,
	PathInfo,
	PathKind,
} from "./call-end.js";

/** Sizes that bound what one session may cost its ends. */
export interface SessionLimits {
	/** Largest single value (encoded body and attachments), bytes. */
	readonly maxValueBytes: number;
	/** Bytes of unfinished or unreleased messages in the whole session. */
	readonly maxBufferedBytes: number;
	/** Calls of the far end open at once. */
	readonly maxIncomingCalls: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = {
	maxValueBytes: 1024 ** 3,
	maxBufferedBytes: 1.25 * 1024 ** 3,
	maxIncomingCalls: 10_000,
};

/** What a session tells its owner. */
export interface SessionEvents {
	/** A path was added or lost. `paths` is already up to date. */
	pathsChanged?(kind: PathKind, error: EasyRemoteError | undefined): void;
	/** No path is left: whoever can should open one within the reattach timeout. */
	stranded?(): void;
	/** Over: closed by either end, or left without a path for too long. */
	closed?(error: EasyRemoteError | undefined): void;
}

export interface SessionOptions {
	/** Shared by both ends; names the session across paths and reconnects. */
	readonly id: string;
	/** Whether this end opened the session (its calls get odd numbers, and it re-attaches them). */
	readonly opener: boolean;
	/** Takes the far end's calls; absent, they are refused with UNIMPLEMENTED. */
	readonly accept?: AcceptCall;
	readonly events?: SessionEvents;
	readonly limits?: Partial<SessionLimits>;
	/**
	 * How long the session lives without a path, ms: the opener's calls then fail with ABORTED
	 * (or UNAVAILABLE, where the far end had not accepted them); the other end's are cancelled.
	 */
	readonly strandedTimeoutMs: number;
	readonly clock?: Clock;
}

/** What is known of a path when it is added. */
export interface PathDetails {
	/** As `PathInfo.candidate`. */
	readonly candidate?: string | undefined;
	/** Bytes that may wait on their way to this end while it is busy, none of which is lost: the far end is told. */
	readonly roomBytes?: number;
}

/** The conversation of calls between two ends, over whichever paths there are. */
export interface SessionEnd {
	readonly id: string;
	/** Ways to the far end that work now. */
	readonly paths: { readonly relay?: PathInfo; readonly direct?: PathInfo };
	/** Calls of either end not yet over. */
	readonly activeCalls: number;
	readonly closed: boolean;
	/**
	 * Opens a call; nothing leaves before its first `send`. "any" prefers the direct path. A call
	 * whose path dies moves to the other one, unless it asked for just the one it had.
	 */
	open(events: CallEvents, path: PathKind | "any"): CallEnd;
	/** Adds a path, replacing one of the same kind. Calls left without a path attach to it. */
	addPath(kind: PathKind, channel: Channel, details?: PathDetails): void;
	/** Closes one path on purpose; its calls move to the other. */
	dropPath(kind: PathKind, error?: EasyRemoteError): void;
	/** Asks the direct path for a sign of life: without one within `timeoutMs` it counts as lost. */
	probe(kind: PathKind, timeoutMs: number): void;
	/** Sets how long the session may stay without a path from now on, ms. */
	setStrandedTimeout(timeoutMs: number): void;
	/** Ends the session and every call in it, telling the far end over each path. */
	close(error?: EasyRemoteError): void;
}
