import type { Channel } from "@easyremote/shared/channel";

/** What differs between Node.js and browsers. `#platform` in package.json picks the implementation. */
export interface Platform {
	/** Named to the gateway, for its logs. */
	readonly agent: string;
	/** Dials a WebSocket. Rejects with UNAVAILABLE, or with `signal`'s reason. */
	openSocket(url: string, signal: AbortSignal): Promise<Channel>;
	/**
	 * Ties an open client to its surroundings until the answer is called. Node.js keeps the process alive, which timers
	 * alone do not; a page that is left for good calls `leave` while there is time to say goodbye.
	 */
	holdOpen(leave: () => void): () => void;
	/** Calls `changed` when this machine has other network addresses than before, until the answer is called. */
	watchNetwork(changed: () => void): () => void;
	/** A setting of the surroundings; browsers have none. */
	environment(name: string): string | undefined;
}
