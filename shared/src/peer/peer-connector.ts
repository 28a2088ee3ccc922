import type { Channel } from "../channel/channel.js";
import type { IceServer, Signal } from "../protocol/control-messages.js";
import type { AttemptFacts } from "./path-diagnosis.js";

/** What the far end needs to know, in the order it was said. */
export type PeerSignal = Extract<
	Signal,
	{ kind: "description" } | { kind: "candidate" }
>;

/** An open direct path. */
export interface DirectChannel {
	readonly channel: Channel;
	/** Candidate pair in use, as "host", "srflx", "prflx" or "relay" (RFC 8445 §5.1.1.1). */
	readonly candidate: string;
	/** Bytes that may wait on their way to this end while it is busy, none of which is lost; 0 where that is not known. */
	readonly roomBytes: number;
}

/** One attempt at a WebRTC connection. */
export interface PeerAttempt {
	/** Settles once: open, or UNAVAILABLE with the reason in its message, and in its hint what would help. */
	readonly opened: Promise<DirectChannel>;
	/** Resolves when nothing is left of its peer connection: a moment after `close`, in which last words cross. */
	readonly ended: Promise<void>;
	/** What it has seen, where that is known: not before WebRTC is loaded, nor while a page keeps it to itself. */
	readonly facts?: AttemptFacts | undefined;
	/** Takes a signal of the far end. Hostile input fails the attempt, never the process. */
	signal(signal: PeerSignal): void;
	/** Frees everything. The channel, if it opened, closes too. */
	close(): void;
}

export interface PeerAttemptOptions {
	/** The opener of the session makes the offer, so that there is never glare. */
	readonly initiator: boolean;
	readonly iceServers: readonly IceServer[];
	readonly iceTransportPolicy?: "all" | "relay";
	/**
	 * For an initiator: the far end learns our addresses only when its answer is here. That is slower, and safe:
	 * libdatachannel tells ICE of an answer before it has kept the fingerprint in it, and refuses a handshake in between.
	 */
	readonly answerFirst?: boolean;
	/** Carries our signals to the far end. */
	readonly send: (signal: PeerSignal) => void;
}

/** The seam behind which a WebRTC implementation stands (in Node: `rtc`; in a tab's Worker: the page). */
export interface PeerConnector {
	connect(options: PeerAttemptOptions): PeerAttempt;
}
