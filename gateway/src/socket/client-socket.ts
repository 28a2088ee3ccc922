import {
	EasyRemoteError,
	fromWireError,
	toWireError,
} from "@easyremote/shared/errors";
import {
	type ControlMessage,
	type ControlMessageOf,
	type ControlPayload,
	PROTOCOL,
} from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";
import type { Principal } from "../auth/principal.js";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { IceTerms } from "../ice/ice-terms.js";
import { fitListing } from "../limits/fit-listing.js";
import { callQuota } from "../limits/call-quota.js";
import type { Traffic } from "../observe/traffic.js";
import type { Registry } from "../registry/registry.js";
import type { Relay } from "../relay/relay.js";
import { queryKey } from "../routing/query-key.js";
import type { RouteAnswer, RouteBoard } from "../routing/route-board.js";
import type { RouteWatch } from "../routing/route-watch.js";
import { Signaling } from "../signaling/signaling.js";
import type { VerdictDesk } from "../trust/verdict-desk.js";
import type { PeerSocket, SocketRole } from "./peer-socket.js";
import { breach, unexpectedMessage } from "./socket-errors.js";

/** What a listing may take as JSON, which is never shorter than MessagePack by much, to fit into a control message, bytes. */
const LISTING_BYTES = PROTOCOL.controlMessageBytes * 0.8;

export interface ClientRoleOptions {
	readonly socket: PeerSocket;
	readonly principal: Principal;
	readonly ice: IceTerms;
	readonly registry: Registry;
	readonly relay: Relay;
	readonly routes: RouteBoard;
	readonly traffic: Traffic;
	/** Hears what clients found of donors' results. */
	readonly verdicts?: Pick<VerdictDesk, "told"> | undefined;
	readonly clock: Clock;
	readonly limits: GatewayLimits;
}

/** What a welcomed client may say. */
export class ClientRole implements SocketRole {
	readonly #options: ClientRoleOptions;
	readonly #signaling: Signaling;
	readonly #routes = new Map<string, RouteWatch>();

	constructor(options: ClientRoleOptions) {
		this.#options = options;
		this.#signaling = new Signaling(options);
	}

	message(message: ControlMessage): void {
		const { socket, ice } = this.#options;
		switch (message.type) {
			case "heartbeat":
				socket.acknowledgeHeartbeat(message.messageId, ice.renewed());
				return;
			case "route":
				this.#route(message);
				return;
			case "route_drop":
				this.#dropRoute(message.payload);
				return;
			case "list":
				void this.#list(message.messageId);
				return;
			case "verdict":
				this.#options.verdicts?.told(message.payload, this.#options.principal);
				return;
			case "session_open":
				this.#openSession(message);
				return;
			case "session_close":
				this.#closeSession(message.payload);
				return;
			case "signal":
				this.#signal(message);
				return;
			case "error":
				// An answer to something of ours; what it is about ends by its own means.
				return;
			default:
				throw unexpectedMessage(message.type, "a client");
		}
	}

	closed(): void {
		for (const watch of [...this.#routes.values()]) watch.close();
		this.#routes.clear();
	}

	#route({ messageId, payload: { query } }: ControlMessageOf<"route">): void {
		const { socket, routes, principal, limits } = this.#options;
		const key = queryKey(query);
		// Asked again, it is answered again.
		this.#routes.get(key)?.close();
		this.#routes.delete(key);
		if (this.#routes.size >= limits.maxRoutesPerClient) {
			socket.refuse(tooMany("routes", limits.maxRoutesPerClient), messageId);
			return;
		}
		let replyTo: number | undefined = messageId;
		const tell = ({ error, providers, strategy }: RouteAnswer): void => {
			const wire = error && { error: toWireError(error) };
			const payload = { query, providers: [...providers], strategy, ...wire };
			socket.tell("route_update", payload, replyTo);
			replyTo = undefined;
		};
		this.#routes.set(key, routes.watch(query, principal, tell));
	}

	#dropRoute({ query }: ControlPayload<"route_drop">): void {
		const key = queryKey(query);
		this.#routes.get(key)?.close();
		this.#routes.delete(key);
	}

	async #list(replyTo: number): Promise<void> {
		const { socket, registry, principal } = this.#options;
		try {
			const items = await registry.list(principal);
			socket.tell(
				"listing",
				{ items: fitListing(items, LISTING_BYTES) },
				replyTo,
			);
		} catch (error) {
			socket.refuse(error, replyTo);
		}
	}

	#openSession({ messageId, payload }: ControlMessageOf<"session_open">): void {
		const { socket, relay, principal, limits } = this.#options;
		const { session, sessionId, nodeId, direct } = payload;
		if (session % 2 === 0)
			throw breach(
				`session ${session} is not for a peer to open`,
				"Peers use odd numbers.",
			);
		if (socket.ends.has(session))
			throw breach(`session ${session} is open already`);
		if (socket.ends.size >= limits.maxSessionsPerClient) {
			const error = toWireError(
				tooMany("sessions", limits.maxSessionsPerClient),
			);
			socket.tell("session_close", { session, error }, messageId);
			return;
		}
		relay.open(socket, session, {
			sessionId,
			nodeId,
			direct,
			principal,
			quota: callQuota(limits, principal, socket.id),
			replyTo: messageId,
		});
	}

	#closeSession({ session, error }: ControlPayload<"session_close">): void {
		const end = this.#options.socket.ends.get(session);
		// Both sides may close at the same time.
		if (end) this.#options.relay.close(end, error && fromWireError(error));
	}

	#signal({ messageId, payload }: ControlMessageOf<"signal">): void {
		const { socket } = this.#options;
		try {
			this.#signaling.pass(socket, payload);
		} catch (error) {
			socket.refuse(error, messageId);
		}
	}
}

function tooMany(what: string, limit: number): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		`one connection may have ${limit} ${what} at once`,
		{
			hint: "Close those not in use.",
			details: { limit },
		},
	);
}
