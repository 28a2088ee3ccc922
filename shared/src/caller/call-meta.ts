import type { PathKind } from "../session/call-end.js";
import type { Agreement } from "./verify/verdict.js";

/** How a call went. Times in ms, sizes in bytes on the wire (headers of frames excluded). */
export interface CallMeta {
	readonly id: string;
	/** The node of the latest attempt; undefined if none was found. */
	readonly nodeId: string | undefined;
	/** Why that node and no other, in a few words for humans. */
	readonly routeReason?: string | undefined;
	/** The path that carried the answer; undefined if the call was on no path when it settled. */
	readonly transport: PathKind | undefined;
	/** On a direct path: the kind of ICE candidate in use, "host", "srflx", "prflx" or "relay". */
	readonly candidate?: string | undefined;
	/** Smoothed round trip of that path, once measured. */
	readonly rttMs?: number | undefined;
	/** On the relay, where the direct path was wanted: why it was not taken, and what would help, in one line. */
	readonly pathReason?: string | undefined;
	/** How often the call was sent. */
	readonly attempts: number;
	/** Time it waited at the node for a free slot. */
	readonly queuedMs: number;
	/** Time the function ran, as the node measured it. */
	readonly runMs: number;
	/** From the call to its end, as the caller measured it. */
	readonly totalMs: number;
	readonly bytesSent: number;
	readonly bytesReceived: number;
	/** Whether the answer came from a cache: the function was not run for this call. */
	readonly cached: boolean;
	/** Where the function keeps its answers: how long this one may be given again, ms. */
	readonly freshMs?: number | undefined;
	/** Where the result was to be compared with those of other donors: how many answered, and how many of them gave this one. */
	readonly verified?: Agreement | undefined;
}

/** A result together with how it came about. */
export interface WithMeta<T> {
	readonly value: T;
	readonly meta: CallMeta;
}
