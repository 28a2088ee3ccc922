import type { EncodedValue } from "../codec/encoded-value.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallHeader, CallMessage } from "../protocol/call-messages.js";

/** What carries a session's calls right now. */
export type PathKind = "relay" | "direct";

/** One way between the two ends of a session, as shown to users. */
export interface PathInfo {
	readonly kind: PathKind;
	/** Type of the ICE candidate pair in use on a direct path: "host", "srflx", "prflx" or "relay". */
	readonly candidate?: string | undefined;
	/** Smoothed round trip, ms, once measured. */
	readonly rttMs?: number | undefined;
}

/** What one end of a call hears. Called synchronously, in order; nothing after `failed`. */
export interface CallEvents {
	/**
	 * One message of the far end, whole, with the value that followed it.
	 * Credit for its bytes is given back by `release`: call it when the value has been used up,
	 * so that a slow reader of a stream slows its sender. Calling it twice does nothing.
	 */
	message(
		header: CallMessage,
		value: EncodedValue | undefined,
		release: () => void,
	): void;
	/** The far end has said all it will say. */
	ended(): void;
	/** `writable` became true again. */
	drained(): void;
	/** The call is over before its end: cancelled by the far end, or every path lost for good. */
	failed(error: EasyRemoteError): void;
	/** Bytes moved, for progress bars: totals on the wire of this call so far. At most once a message. */
	transferred?(): void;
}

/** One end of one call within a session. */
export interface CallEnd {
	/** Number within the session, odd when opened by the session's opener. */
	readonly number: number;
	/** The path this call is on; undefined while there is none. */
	readonly path: PathInfo | undefined;
	/** Bytes handed to a path so far (headers of frames excluded). */
	readonly bytesSent: number;
	/** What `bytesSent` will be at the end; undefined until this end has said all. */
	readonly sendTotal: number | undefined;
	/** Bytes that came in so far. */
	readonly bytesReceived: number;
	/** Bytes of the message now arriving: how much is here, and how long it will be; for progress bars. */
	readonly incoming: { readonly received: number; readonly total: number };
	/** Whether less than the high-water mark waits to be sent. */
	readonly writable: boolean;
	/** Queues one message. Buffers are not copied: leave them alone until the call has settled. */
	send(header: CallHeader, value?: EncodedValue): void;
	/** No more messages from this end. */
	end(): void;
	/** Ends the call at once on both sides; the far end's `failed` hears `error`. Late or repeated calls do nothing. */
	cancel(error: EasyRemoteError): void;
}

/** How a node is told of calls: the events for one new call, whose first message follows at once. */
export type AcceptCall = (call: CallEnd) => CallEvents;
