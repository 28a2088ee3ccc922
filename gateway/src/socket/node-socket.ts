import { fromWireError } from "@easyremote/shared/errors";
import type {
	ControlMessage,
	ControlMessageOf,
	ControlPayload,
} from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import type { Principal } from "../auth/principal.js";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { IceTerms } from "../ice/ice-terms.js";
import type { DonorOffers } from "../bundles/donor-offers.js";
import type { CallLedger } from "../observe/call-ledger.js";
import type { NodePresence } from "../plugins/node-presence.js";
import type { Traffic } from "../observe/traffic.js";
import type { Registry } from "../registry/registry.js";
import type { Relay } from "../relay/relay.js";
import { Signaling } from "../signaling/signaling.js";
import type { PeerSocket, SocketRole } from "./peer-socket.js";
import { unexpectedMessage } from "./socket-errors.js";

export interface NodeRoleOptions {
	readonly nodeId: string;
	readonly socket: PeerSocket;
	readonly principal: Principal;
	readonly ice: IceTerms;
	readonly registry: Registry;
	readonly relay: Relay;
	readonly traffic: Traffic;
	readonly ledger: CallLedger;
	readonly presence?: NodePresence | undefined;
	/** What it is told of as a donor; other nodes are not. */
	readonly offers: DonorOffers | undefined;
	readonly clock: Clock;
	readonly limits: GatewayLimits;
	readonly log: Logger;
}

/** What a welcomed node may say. */
export class NodeRole implements SocketRole {
	readonly #options: NodeRoleOptions;
	readonly #signaling: Signaling;
	readonly #stopOffers: (() => void) | undefined;

	constructor(options: NodeRoleOptions) {
		const { socket, offers } = options;
		this.#options = options;
		this.#signaling = new Signaling(options);
		this.#stopOffers = offers?.watch((list) => socket.tell("bundles", list));
	}

	message(message: ControlMessage): void {
		const { nodeId, socket, registry, ledger, ice } = this.#options;
		switch (message.type) {
			case "heartbeat":
				if (message.payload.stats)
					ledger.addReport(nodeId, message.payload.stats);
				socket.acknowledgeHeartbeat(message.messageId, ice.renewed());
				this.#tellRegistry(
					registry.heartbeat(nodeId, socket.id, message.payload),
					message,
				);
				return;
			case "register_function":
				this.#tellRegistry(this.#register(message), message);
				return;
			case "unregister_function":
				this.#tellRegistry(
					registry.unregister(nodeId, socket.id, message.payload.names),
					message,
				);
				return;
			case "node_draining":
				this.#tellRegistry(registry.drain(nodeId, socket.id), message);
				return;
			case "session_opened":
				this.#sessionOpened(message.payload);
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
				throw unexpectedMessage(message.type, "a node");
		}
	}

	closed(): void {
		const { nodeId, socket, registry, presence, log } = this.#options;
		this.#stopOffers?.();
		presence?.left(nodeId, socket.id);
		registry.leave(nodeId, socket.id).catch((error: unknown) => {
			log.error(
				{ err: error, node: nodeId },
				"a node could not be taken off the registry",
			);
		});
	}

	async #register({
		messageId,
		payload,
	}: ControlMessageOf<"register_function">): Promise<void> {
		const { nodeId, socket, registry, principal, log } = this.#options;
		await registry.register(nodeId, socket.id, payload.functions, principal);
		const names = payload.functions.map(({ name }) => name);
		log.debug(
			{ node: nodeId, functions: names.length },
			"functions registered",
		);
		socket.tell("function_registered", { names }, messageId);
	}

	/** Whatever the registry has against it goes back to the node. */
	#tellRegistry(done: Promise<void>, { messageId }: ControlMessage): void {
		done.catch((error: unknown) => {
			this.#options.socket.refuse(error, messageId);
		});
	}

	#sessionOpened({ session, direct }: ControlPayload<"session_opened">): void {
		const end = this.#options.socket.ends.get(session);
		if (end) this.#options.relay.answered(end, direct);
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
