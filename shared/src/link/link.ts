import type { Channel } from "../channel/channel.js";
import type {
	ControlMessage,
	ControlPayload,
	ControlType,
} from "../protocol/control-messages.js";

/**
 * `connecting`: dialling or waiting for `welcome`. `online`: talking. `waiting`: between attempts.
 * `closed`: for good, because `close` was called or the gateway refused for good (4401, 4403, 4409).
 */
export type LinkState = "connecting" | "online" | "waiting" | "closed";

/** What a link tells its user, synchronously and in order. */
export interface LinkEvents {
	/** The state changed; `error` says why it is not online, or why it closed. */
	state?(state: LinkState, error: Error | undefined): void;
	/** A control message that is not an answer to a `request`. */
	control?(message: ControlMessage): void;
}

/** One lasting connection of a peer to its gateway. It reconnects by itself until closed. */
export interface Link {
	readonly state: LinkState;
	/** What the gateway said at the present (or latest) connection. */
	readonly welcome: ControlPayload<"welcome"> | undefined;
	/** Set while the gateway has announced a restart: how long until it is worth coming back, ms. */
	readonly restarting: boolean;
	/** Smoothed round trip to the gateway, ms, once a heartbeat was answered. */
	readonly latencyMs: number | undefined;
	/** Resolves when online; rejects with UNAVAILABLE (signal's reason, or the link's end) otherwise. */
	whenOnline(signal?: AbortSignal): Promise<ControlPayload<"welcome">>;
	/** Sends a control message; dropped when not online (false), since its meaning ended with the connection. */
	send<T extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		replyTo?: number,
	): boolean;
	/** Sends, and waits for the message with `replyTo`; an `error` answer rejects with it, a lost connection with UNAVAILABLE. */
	request<T extends ControlType, R extends ControlType>(
		type: T,
		payload: ControlPayload<T>,
		answer: R,
		options?: { readonly signal?: AbortSignal; readonly timeoutMs?: number },
	): Promise<ControlPayload<R>>;
	/** A free session number of this connection for a session that this side opens (odd). */
	nextSession(): number;
	/** The relay channel of a session on the present connection; it closes with the connection. */
	openRelay(session: number): Channel;
	/** This machine has other addresses than before: what is open has to show that it lives, what waits is tried at once. */
	networkChanged(): void;
	/** Adds a listener; the answer removes it. */
	listen(events: LinkEvents): () => void;
	/** Ends it for good. Sent messages go out first where the socket allows. */
	close(): Promise<void>;
}
