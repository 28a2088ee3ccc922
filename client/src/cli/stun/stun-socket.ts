import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import {
	type CancelTimer,
	type Clock,
	systemClock,
} from "@easyremote/shared/time";
import { readStun, type StunMessage, writeStun } from "./stun-message.js";

/** Wait before a request is sent again, doubled each time, ms (RFC 8489 §6.2.1). */
const FIRST_WAIT_MS = 500;

/** Time for an answer, ms: four sendings. */
export const STUN_PATIENCE_MS = 5_000;

/** Where a STUN or TURN server is. */
export interface StunServerAddress {
	readonly host: string;
	readonly port: number;
}

/** An answer, and how long it took after the request that it answers was last sent, ms. */
export interface StunAnswer {
	readonly message: StunMessage;
	readonly rttMs: number;
}

/** How a request is made. */
export interface StunRequestOptions {
	/** Proves who asks, by MESSAGE-INTEGRITY. */
	readonly key?: Buffer;
	readonly signal?: AbortSignal;
}

/** A UDP socket that talks to one STUN or TURN server. */
export class StunSocket {
	readonly #socket: Socket;
	readonly #clock: Clock;

	private constructor(socket: Socket, clock: Clock) {
		this.#socket = socket;
		this.#clock = clock;
		// Refusals may come between two requests, where nobody waits for them.
		socket.on("error", () => undefined);
	}

	/** Rejects where the name is unknown or there is no way to the address. */
	static async open(
		{ host, port }: StunServerAddress,
		clock: Clock = systemClock,
	): Promise<StunSocket> {
		const { address, family } = await lookup(host);
		const socket = createSocket(family === 6 ? "udp6" : "udp4");
		try {
			await new Promise<void>((resolve, reject) => {
				socket.once("error", reject);
				// Connected, it hears that nobody listens there.
				socket.connect(port, address, () => {
					socket.off("error", reject);
					resolve();
				});
			});
		} catch (error) {
			socket.close();
			throw error;
		}
		return new StunSocket(socket, clock);
	}

	/** Sends a request until it is answered. Undefined if it is not in 5 s; rejects where nobody listens, or when aborted. */
	async request(
		message: StunMessage,
		{ key, signal }: StunRequestOptions = {},
	): Promise<StunAnswer | undefined> {
		signal?.throwIfAborted();
		const datagram = writeStun(message, key);
		const clock = this.#clock;
		const socket = this.#socket;
		let sentAt = 0;
		let cancelResend: CancelTimer = () => undefined;
		const send = (waitMs: number): void => {
			sentAt = clock.monotonic();
			socket.send(datagram);
			cancelResend = clock.schedule(waitMs, () => send(2 * waitMs));
		};
		const { promise, stop } = listenOnce(socket, (received) => {
			const answer = readStun(received);
			return answer?.transactionId.equals(message.transactionId)
				? { message: answer, rttMs: clock.monotonic() - sentAt }
				: undefined;
		});
		const onAbort = () => stop(signal?.reason as Error);
		signal?.addEventListener("abort", onAbort);
		const cancelPatience = clock.schedule(STUN_PATIENCE_MS, () => stop());
		send(FIRST_WAIT_MS);
		try {
			return await promise;
		} finally {
			cancelResend();
			cancelPatience();
			signal?.removeEventListener("abort", onAbort);
		}
	}

	close(): void {
		this.#socket.close();
	}
}

/** Waits for the datagram that `read` makes something of; `stop` ends the wait, with `reason` as its failure. */
function listenOnce<T>(
	socket: Socket,
	read: (datagram: Buffer) => T | undefined,
) {
	let stop: (reason?: Error) => void = () => undefined;
	const promise = new Promise<T | undefined>((resolve, reject) => {
		const end = (settle: () => void): void => {
			socket.off("message", onMessage);
			socket.off("error", onError);
			settle();
		};
		const onMessage = (datagram: Buffer): void => {
			const found = read(datagram);
			if (found !== undefined) end(() => resolve(found));
		};
		const onError = (error: Error): void => end(() => reject(error));
		stop = (reason) =>
			end(() => {
				if (reason === undefined) resolve(undefined);
				else reject(reason);
			});
		socket.on("message", onMessage);
		socket.on("error", onError);
	});
	return { promise, stop: (reason?: Error) => stop(reason) };
}
