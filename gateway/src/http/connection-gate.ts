import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { GatewayLimits } from "../config/gateway-limits.js";

/** How many connections there may be, and how slow. */
export type ConnectionLimits = Pick<
	GatewayLimits,
	"maxHttpConnections" | "maxHttpConnectionsPerAddress" | "stalledTimeoutMs"
>;

/**
 * Counts the connections of an HTTP server, those not that have become WebSockets, and cuts what is too many, in all or
 * from one address: refused before a byte of it is read, since an answer would cost more than it is worth. Ends
 * connections whose reader takes nothing of its answer for too long, too.
 */
export class ConnectionGate {
	readonly #limits: ConnectionLimits;
	readonly #isProxy: (address: string) => boolean;
	/** The address behind each connection, by its two ports and addresses: inside TLS it is another object. */
	readonly #open = new Map<string, string>();
	readonly #perAddress = new Map<string, number>();
	/** Connections between two requests. */
	readonly #idle = new WeakSet<Socket>();
	#refused = 0;

	/** @param isProxy whether the connections of an address are many people's, so that they are counted in all only */
	constructor(
		limits: ConnectionLimits,
		isProxy: (address: string) => boolean = () => false,
	) {
		this.#limits = limits;
		this.#isProxy = isProxy;
	}

	/** Connections open now. */
	get size(): number {
		return this.#open.size;
	}

	/** Connections ever cut for lack of room. */
	get refused(): number {
		return this.#refused;
	}

	/** Watches over a server's connections from now on. */
	guard(server: Server): void {
		server.on("connection", (socket: Socket) => this.#enter(socket));
		server.prependListener("upgrade", ({ socket }) =>
			this.#leave(nameOf(socket)),
		);
		server.on("request", ({ socket }, response) => {
			this.#idle.delete(socket);
			response.once("close", () => this.#idle.add(socket));
		});
		// Fires where nothing moved for so long; for idle connections the server has set the keep-alive time instead.
		server.setTimeout(this.#limits.stalledTimeoutMs, (socket) => {
			const stalled = socket.writableLength > 0;
			// Our half is closed, and the other end keeps its own open.
			const left = socket.writableEnded;
			if (stalled || left || this.#idle.has(socket)) socket.destroy();
		});
	}

	#enter(socket: Socket): void {
		const address = socket.remoteAddress ?? "";
		const ofAddress = this.#perAddress.get(address) ?? 0;
		const { maxHttpConnections, maxHttpConnectionsPerAddress } = this.#limits;
		if (
			this.#open.size >= maxHttpConnections ||
			(ofAddress >= maxHttpConnectionsPerAddress && !this.#isProxy(address))
		) {
			this.#refused += 1;
			socket.destroy();
			return;
		}
		const name = nameOf(socket);
		this.#open.set(name, address);
		this.#perAddress.set(address, ofAddress + 1);
		socket.once("close", () => this.#leave(name));
	}

	#leave(name: string): void {
		const address = this.#open.get(name);
		if (address === undefined) return;
		this.#open.delete(name);
		const left = (this.#perAddress.get(address) ?? 1) - 1;
		if (left > 0) this.#perAddress.set(address, left);
		else this.#perAddress.delete(address);
	}
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
	return `${remoteAddress ?? ""} ${remotePort ?? 0}`;
}
