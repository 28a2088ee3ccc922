import type { Duplex } from "node:stream";
import { deferred } from "@easyremote/shared/async";
import type { EasyRemoteError } from "@easyremote/shared/errors";
import type { WebSocket } from "ws";
import type { AuthContext } from "../auth/authenticate.js";
import { countRefusal } from "../observe/traffic.js";
import { FlushQueue } from "./flush-queue.js";
import {
	Greeting,
	type SocketPath,
	type SocketServices,
	type Welcomed,
} from "./greeting.js";
import { logSocketEnd } from "./log-socket-end.js";
import { PeerSocket } from "./peer-socket.js";
import {
	credentialVoid,
	gatewayStops,
	noRoom,
	replacedNode,
} from "./socket-errors.js";
import { SocketWheel } from "./socket-wheel.js";

/** How long somebody who finds no room is asked to stay away, ms. */
const FULL_RETRY_MS = 5_000;

/** When the gateway restarts, peers are asked to come back one after the other, this far apart, ms … */
const RETURN_SPACING_MS = 10;
/** … but none is asked to stay away for this much longer than the first, ms. */
const LONGEST_RETURN_MS = 10_000;

/** A WebSocket that has just come up, and what its opening request said. */
export interface ArrivingSocket {
	readonly socket: WebSocket;
	/** What it runs over. */
	readonly stream: Duplex;
	readonly path: SocketPath;
	readonly context: AuthContext;
	/** The bearer token of the opening request; browsers send theirs in `hello`. */
	readonly credential: string | undefined;
}

export interface SocketDoorOptions extends SocketServices {
	/** Random and unique; names a connection. */
	readonly newId: () => string;
	/** Runs a task at the end of the event loop's turn; `setImmediate` unless given. */
	readonly defer?: (task: () => void) => void;
}

/** What the sockets are doing, for the report. */
export interface SocketStats {
	readonly connections: number;
	readonly clients: number;
	readonly nodes: number;
	/** Those of the nodes that are donors. */
	readonly donors: number;
	/** Sockets that have not been welcomed yet. */
	readonly greeting: number;
}

/** Where peers' WebSockets come in. */
export interface SocketDoor {
	/** Takes a socket in the task in which it came up. */
	accept(arriving: ArrivingSocket): void;
	/**
	 * Announces the end to every peer; who comes now is told to come back later. Peers are told times that differ, from
	 * `retryAfterMs` on, so that they do not all come back in the same moment.
	 */
	drain(reason: string, retryAfterMs: number): void;
	/** Closes the sockets of principals whose credential is void, with 4401. */
	disconnect(principalIds: readonly string[]): void;
	/** Closes the connection of a node that has been silent for too long. */
	giveUp(connectionId: string): void;
	/** Closes the connection of a donor that has said by HTTP that it is gone; others are not taken off like that. */
	leave(connectionId: string): void;
	/** Closes every socket with 1012 and resolves when they are gone. */
	close(): Promise<void>;
	readonly stats: SocketStats;
}

interface Seated {
	readonly socket: PeerSocket;
	readonly address: string;
	readonly role: SocketPath["role"];
	readonly gone: Promise<void>;
	/** Who it is; unknown until it was welcomed. */
	welcomed: Welcomed | undefined;
	/** When it was asked to come back, ms from the end. */
	returnAfterMs: number | undefined;
}

/** Makes the door. It serves until it is closed. */
export function createSocketDoor(options: SocketDoorOptions): SocketDoor {
	return new Door(options);
}

class Door implements SocketDoor {
	readonly #options: SocketDoorOptions;
	readonly #flushQueue: FlushQueue;
	readonly #seats = new Map<string, Seated>();
	readonly #perAddress = new Map<string, number>();
	readonly #wheel: SocketWheel;
	#draining: { readonly retryAfterMs: number } | undefined;

	constructor(options: SocketDoorOptions) {
		this.#options = options;
		this.#flushQueue = new FlushQueue(options.defer);
		this.#wheel = new SocketWheel({
			clock: options.clock,
			intervalMs: options.limits.pingIntervalMs,
			tick: () => this.#checkAll(),
		});
	}

	get stats(): SocketStats {
		const seats = [...this.#seats.values()];
		const welcomed = seats.filter((seat) => seat.welcomed);
		return {
			connections: seats.length,
			clients: welcomed.filter(({ role }) => role === "client").length,
			nodes: welcomed.filter(({ role }) => role === "node").length,
			donors: welcomed.filter((seat) => seat.welcomed?.donor).length,
			greeting: seats.length - welcomed.length,
		};
	}

	accept(arriving: ArrivingSocket): void {
		const { traffic } = this.#options;
		const refused = this.#noSeat(arriving.context.address);
		if (refused) {
			traffic.socketsRefused += 1;
			this.#seat(arriving).socket.close(refused);
			return;
		}
		traffic.socketsAccepted += 1;
		const seat = this.#seat(arriving);
		this.#wheel.add(seat.socket);
	}

	drain(reason: string, retryAfterMs: number): void {
		this.#draining = { retryAfterMs };
		const seats = [...this.#seats.values()];
		const spacingMs = Math.min(
			RETURN_SPACING_MS,
			LONGEST_RETURN_MS / Math.max(seats.length, 1),
		);
		for (const [place, seat] of seats.entries()) {
			if (!seat.welcomed) continue;
			const ms = retryAfterMs + Math.round(place * spacingMs);
			seat.returnAfterMs = ms;
			seat.socket.tell("goaway", { reason, retryAfterMs: ms });
		}
	}

	disconnect(principalIds: readonly string[]): void {
		const void_ = new Set(principalIds);
		for (const { socket, welcomed } of [...this.#seats.values()])
			if (welcomed && void_.has(welcomed.letInBy))
				socket.close(credentialVoid());
	}

	giveUp(connectionId: string): void {
		this.#seats.get(connectionId)?.socket.giveUp();
	}

	leave(connectionId: string): void {
		const seat = this.#seats.get(connectionId);
		if (seat?.welcomed?.donor) seat.socket.leave();
	}

	async close(): Promise<void> {
		this.#wheel.stop();
		const retryAfterMs = this.#draining?.retryAfterMs ?? 0;
		this.#draining = { retryAfterMs };
		const seats = [...this.#seats.values()];
		for (const { socket, returnAfterMs } of seats)
			socket.close(gatewayStops(returnAfterMs ?? retryAfterMs));
		await Promise.all(seats.map(({ gone }) => gone));
	}

	#noSeat(address: string): EasyRemoteError | undefined {
		const { maxConnections, maxConnectionsPerAddress } = this.#options.limits;
		if (this.#draining) return gatewayStops(this.#draining.retryAfterMs);
		if (this.#seats.size >= maxConnections)
			return noRoom("at this gateway", FULL_RETRY_MS);
		if ((this.#perAddress.get(address) ?? 0) >= maxConnectionsPerAddress)
			return noRoom("from this address", FULL_RETRY_MS);
		return undefined;
	}

	/** Gives a socket its place, from its very first moment. */
	#seat(arriving: ArrivingSocket): Seated {
		const { socket: raw, stream, path, context, credential } = arriving;
		const { newId, relay, traffic, clock, limits, log } = this.#options;
		const { address } = context;
		const id = newId();
		const gone = deferred();
		raw.once("close", () => gone.resolve());
		const socket = new PeerSocket({
			id,
			socket: raw,
			stream,
			relay,
			traffic,
			flushQueue: this.#flushQueue,
			clock,
			limits,
			role: (self) =>
				new Greeting({
					socket: self,
					path,
					context,
					credential,
					services: this.#options,
					welcomed: (welcomed) => this.#welcomed(id, welcomed),
				}),
			onClosed: (error) => {
				const principal = seat.welcomed?.principal;
				if (error && !principal) countRefusal(traffic, "socket", error);
				this.#seats.delete(id);
				this.#leaveAddress(address);
				this.#wheel.remove(socket);
				logSocketEnd(log, { id, path, address, principal }, error);
			},
		});
		const seat: Seated = {
			socket,
			address,
			role: path.role,
			gone: gone.promise,
			welcomed: undefined,
			returnAfterMs: undefined,
		};
		this.#seats.set(id, seat);
		this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
		return seat;
	}

	#welcomed(id: string, welcomed: Welcomed): void {
		const { principal, replaced } = welcomed;
		const seat = this.#seats.get(id);
		if (seat) seat.welcomed = welcomed;
		const former =
			replaced === undefined ? undefined : this.#seats.get(replaced);
		former?.socket.close(replacedNode(principal.subject));
	}

	#leaveAddress(address: string): void {
		const left = (this.#perAddress.get(address) ?? 1) - 1;
		if (left > 0) this.#perAddress.set(address, left);
		else this.#perAddress.delete(address);
	}

	/** About once a second: who reads nothing, and whose credential has come to its end. */
	#checkAll(): void {
		const now = this.#options.clock.now();
		for (const { socket, welcomed } of [...this.#seats.values()]) {
			socket.checkProgress();
			const expiresAt = welcomed?.principal.expiresAt;
			if (expiresAt !== undefined && expiresAt <= now)
				socket.close(credentialVoid());
		}
	}
}
