import type { Channel } from "../channel/channel.js";
import type { ControlPayload } from "../protocol/control-messages.js";
import type { NodeLoad } from "../protocol/node-resources.js";
import type { Clock } from "../time/clock.js";
import type { ReconnectBounds } from "./reconnect-delay.js";

/** What heartbeats tell besides that somebody is alive, and how busy. */
export type HeartbeatNews = Omit<
	ControlPayload<"heartbeat">,
	"load" | "latencyMs"
>;

/** What a link needs of its surroundings. */
export interface LinkOptions {
	/** Where the gateway's door is, for example "wss://gw.example.com/clients". */
	readonly url: string;
	/** Dials. Rejects with UNAVAILABLE when nobody answers, or with `signal`'s reason. */
	readonly openSocket: (url: string, signal: AbortSignal) => Promise<Channel>;
	/** What to say first on each connection; asked anew each time, since credentials may have been renewed. */
	readonly hello: () => ControlPayload<"hello">;
	/** How busy a node is: each heartbeat tells it, and one more goes out where it has changed noticeably. */
	readonly load?: () => NodeLoad;
	/** What else a heartbeat tells. Asked once for each, so that it may give what it gives once only. */
	readonly news?: () => HeartbeatNews;
	/** Longest pause between heartbeats, ms; the gateway may ask for a shorter one. */
	readonly heartbeatIntervalMs?: number;
	readonly clock: Clock;
	/** A number in [0, 1). */
	readonly random: () => number;
	/** Bounds of the wait between attempts; 500 ms … 30 s unless given. */
	readonly reconnect?: Partial<ReconnectBounds>;
}

export const DEFAULT_RECONNECT: ReconnectBounds = { minMs: 500, maxMs: 30_000 };

/** How long dialling, and then waiting for `welcome`, may take in all, ms. */
export const CONNECT_TIMEOUT_MS = 10_000;
