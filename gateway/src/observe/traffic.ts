import type { EasyRemoteError, ErrorCode } from "@easyremote/shared/errors";

/** Where somebody can be turned away: an HTTP request, a socket, a session between two peers. */
export type Door = "http" | "socket" | "session";

/** What went through the gateway since it started. Counted on the hot path, so plain numbers. */
export interface Traffic {
	/** Packets passed from one side of a session to the other. */
	relayedPackets: number;
	/** Their bytes, headers excluded. */
	relayedBytes: number;
	/** Packets for sessions that are not (or no longer) open; dropped. */
	strayPackets: number;
	/** Sessions asked for, and those of them that were refused. */
	sessionsOpened: number;
	sessionsRefused: number;
	/** How often a source was asked to stop, because somebody read slowly. */
	pauses: number;
	/** Connections closed because they read too slowly. */
	slowClosed: number;
	/** Sockets accepted, turned away for lack of room, and closed for breaking the protocol. */
	socketsAccepted: number;
	socketsRefused: number;
	breaches: number;
	/** Signals passed on. */
	signals: number;
	/** Who was turned away, by where and why. */
	readonly refused: Readonly<Record<Door, Partial<Record<ErrorCode, number>>>>;
}

/** Counters at their beginning. A copy of them is a snapshot. */
export function newTraffic(): Traffic {
	return {
		relayedPackets: 0,
		relayedBytes: 0,
		strayPackets: 0,
		sessionsOpened: 0,
		sessionsRefused: 0,
		pauses: 0,
		slowClosed: 0,
		socketsAccepted: 0,
		socketsRefused: 0,
		breaches: 0,
		signals: 0,
		refused: { http: {}, socket: {}, session: {} },
	};
}

/** Counts somebody who was turned away. */
export function countRefusal(
	{ refused }: Traffic,
	door: Door,
	{ code }: EasyRemoteError,
): void {
	refused[door][code] = (refused[door][code] ?? 0) + 1;
}
