import { EasyRemoteError, toEasyRemoteError } from "@easyremote/shared/errors";
import {
	type ControlMessage,
	type ControlMessageOf,
	type NodeProfile,
	PROTOCOL,
	PROTOCOL_VERSION,
} from "@easyremote/shared/protocol";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import type { AuthContext, Authenticate } from "../auth/authenticate.js";
import type { Principal } from "../auth/principal.js";
import type { DonorOffers } from "../bundles/donor-offers.js";
import type { GatewayLimits } from "../config/gateway-limits.js";
import { type IceOffer, IceTerms } from "../ice/ice-terms.js";
import type { CallLedger } from "../observe/call-ledger.js";
import type { NodePresence } from "../plugins/node-presence.js";
import type { Traffic } from "../observe/traffic.js";
import type { Registry } from "../registry/registry.js";
import type { Relay } from "../relay/relay.js";
import type { RouteBoard } from "../routing/route-board.js";
import type { VerdictDesk } from "../trust/verdict-desk.js";
import { type AdmittedDonor, admitDonor } from "./admit-donor.js";
import { ClientRole } from "./client-socket.js";
import { NodeRole } from "./node-socket.js";
import type { PeerSocket, SocketRole } from "./peer-socket.js";
import { breach, helloTimeout } from "./socket-errors.js";

/** Which door somebody came in by. */
export type SocketPath =
	| { readonly role: "client" }
	| { readonly role: "node"; readonly nodeId: string };

/** What every socket is served with. */
export interface SocketServices {
	readonly authenticate: Authenticate;
	/** Whether donors need no credential. */
	readonly openDonors: boolean;
	/** What donors are told of. */
	readonly offers: DonorOffers;
	readonly registry: Registry;
	readonly relay: Relay;
	readonly routes: RouteBoard;
	readonly traffic: Traffic;
	readonly ledger: CallLedger;
	/** Hears what clients found of donors' results. */
	readonly verdicts?: Pick<VerdictDesk, "told"> | undefined;
	/** Told of nodes that come and go. */
	readonly presence?: NodePresence | undefined;
	readonly clock: Clock;
	readonly log: Logger;
	readonly gatewayId: string;
	readonly limits: GatewayLimits;
	/** How often a node says that it is alive, ms. */
	readonly healthCheckIntervalMs: number;
	/** What somebody who came in like this is to find a direct path with. */
	readonly iceServers: (principal: Principal, context: AuthContext) => IceOffer;
}

/** A peer that has been let in. */
export interface Welcomed {
	readonly principal: Principal;
	/** The principal by whose right it came in: when that one's credential is void, it has to go. */
	readonly letInBy: string;
	readonly donor: boolean;
	/** The connection of the same node that has to go. */
	readonly replaced: string | undefined;
}

/** A node that may join, as far as its credential and its proof go. */
type ArrivedNode = Pick<AdmittedDonor, "principal" | "letInBy"> & {
	readonly donor: AdmittedDonor["donor"] | undefined;
};

export interface GreetingOptions {
	readonly socket: PeerSocket;
	readonly path: SocketPath;
	readonly context: AuthContext;
	/** The bearer token of the opening request; the one in `hello` goes before it. */
	readonly credential: string | undefined;
	readonly services: SocketServices;
	/** The peer is known. */
	readonly welcomed: (welcomed: Welcomed) => void;
}

/** The first moments of a socket: waits for `hello`, finds out who it is, and hands over to its role. */
export class Greeting implements SocketRole {
	readonly #options: GreetingOptions;
	readonly #cancelTimeout: CancelTimer;
	#heard = false;

	constructor(options: GreetingOptions) {
		const { socket, services } = options;
		this.#options = options;
		const { helloTimeoutMs } = services.limits;
		this.#cancelTimeout = services.clock.schedule(helloTimeoutMs, () =>
			socket.close(helloTimeout(helloTimeoutMs)),
		);
	}

	message(message: ControlMessage): void {
		if (message.type !== "hello")
			throw breach(`“${message.type}” came before “hello” and its answer`);
		if (this.#heard) throw breach("“hello” came twice");
		this.#heard = true;
		this.#cancelTimeout();
		const { socket, services } = this.#options;
		this.#greet(message).catch((error: unknown) => {
			const known = toEasyRemoteError(error);
			if (known.code === "INTERNAL")
				services.log.error({ err: error }, "a peer could not be welcomed");
			socket.close(known, message.messageId);
		});
	}

	closed(): void {
		this.#cancelTimeout();
	}

	async #greet(hello: ControlMessageOf<"hello">): Promise<void> {
		const { path, context, services } = this.#options;
		checkHello(hello.payload, path);
		const credential = hello.payload.credential ?? this.#options.credential;
		if (path.role === "client") {
			const principal = await services.authenticate(credential, context);
			this.#greetClient(hello, principal);
			return;
		}
		const { nodeId } = path;
		const profile = nodeProfile(hello.payload.node);
		if (profile.kind === "donor") {
			const arrival = {
				nodeId,
				hello: hello.payload,
				profile,
				credential,
				context,
			};
			await this.#greetNode(
				hello,
				nodeId,
				profile,
				await admitDonor(services, arrival),
			);
			return;
		}
		const principal = await services.authenticate(credential, context);
		const arrived = { principal, letInBy: principal.id, donor: undefined };
		await this.#greetNode(hello, nodeId, profile, arrived);
	}

	#greetClient(
		{ messageId }: ControlMessageOf<"hello">,
		principal: Principal,
	): void {
		const { socket, services, welcomed } = this.#options;
		if (socket.closed) return;
		const ice = this.#iceTerms(principal);
		welcomed({
			principal,
			letInBy: principal.id,
			donor: false,
			replaced: undefined,
		});
		this.#welcome(messageId, principal, ice);
		socket.become(new ClientRole({ ...services, socket, principal, ice }));
	}

	async #greetNode(
		{ messageId, payload: { agent } }: ControlMessageOf<"hello">,
		nodeId: string,
		profile: NodeProfile,
		{ principal, letInBy, donor }: ArrivedNode,
	): Promise<void> {
		const { socket, context, services, welcomed } = this.#options;
		if (socket.closed) return;
		const ice = this.#iceTerms(principal);
		// Nobody looks for it before the registry names it, and a socket that closes is detached.
		services.relay.attach(socket);
		const { replaced } = await services.registry.join({
			nodeId,
			connectionId: socket.id,
			principal,
			profile,
			agent,
			donor,
			// Behind a proxy it would be the proxy's.
			address: context.forwarded ? undefined : context.address,
		});
		welcomed({ principal, letInBy, donor: donor !== undefined, replaced });
		services.log.info(
			{
				node: nodeId,
				connection: socket.id,
				subject: principal.subject,
				kind: profile.kind,
				replaced,
			},
			"node joined",
		);
		this.#welcome(messageId, principal, ice);
		services.presence?.joined(nodeId, socket.id, profile);
		const offers = donor && services.offers;
		// A socket that is gone by now has its role leave at once.
		socket.become(
			new NodeRole({ ...services, offers, socket, principal, ice, nodeId }),
		);
	}

	#iceTerms(principal: Principal): IceTerms {
		const { services, context } = this.#options;
		return new IceTerms(
			() => services.iceServers(principal, context),
			services.clock,
		);
	}

	#welcome(
		replyTo: number,
		{ id, subject, anonymous, grants }: Principal,
		ice: IceTerms,
	): void {
		const { socket, path, services } = this.#options;
		socket.tell(
			"welcome",
			{
				connectionId: socket.id,
				principal: { id, subject, anonymous, grants },
				gatewayId: services.gatewayId,
				heartbeatIntervalMs:
					path.role === "node"
						? services.healthCheckIntervalMs
						: PROTOCOL.heartbeatIntervalMs,
				iceServers: ice.servers,
				maxMessageBytes: services.limits.maxMessageBytes,
			},
			replyTo,
		);
	}
}

function checkHello(
	hello: ControlMessageOf<"hello">["payload"],
	path: SocketPath,
): void {
	if (hello.version !== PROTOCOL_VERSION)
		throw new EasyRemoteError(
			"UNIMPLEMENTED",
			`this gateway speaks protocol version ${PROTOCOL_VERSION}, not ${hello.version}`,
			{
				hint: "Use packages of the same major version on both sides.",
			},
		);
	if (hello.role !== path.role)
		throw breach(`a ${hello.role} came in by the ${path.role}s' door`);
	if (
		path.role === "node" &&
		hello.nodeId !== undefined &&
		hello.nodeId !== path.nodeId
	)
		throw breach(`node ${hello.nodeId} came in by the door of ${path.nodeId}`);
}

function nodeProfile(profile: NodeProfile | undefined): NodeProfile {
	if (profile) return profile;
	throw breach("a node's “hello” has to carry its profile");
}
