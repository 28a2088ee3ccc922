import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { StrategyName, UserStrategy } from "@easyremote/shared/routing";
import { type Clock, systemClock } from "@easyremote/shared/time";
import { pino } from "pino";
import { WebSocketServer } from "ws";
import type { Principal } from "../../auth/principal.js";
import { BundleCatalogue } from "../../bundles/bundle-catalogue.js";
import { DonorOffers } from "../../bundles/donor-offers.js";
import {
	DEFAULT_LIMITS,
	type GatewayLimits,
} from "../../config/gateway-limits.js";
import { CallLedger } from "../../observe/call-ledger.js";
import { newTraffic } from "../../observe/traffic.js";
import {
	HEALTH_CHECK_INTERVAL_MS,
	MemoryRegistry,
} from "../../registry/memory-registry.js";
import { Relay } from "../../relay/relay.js";
import { RouteBoard } from "../../routing/route-board.js";
import { createMemoryStore } from "../../store/memory-store.js";
import { createSocketDoor } from "../socket-door.js";
import { RawPeer, type RawPeerOptions } from "./raw-peer.js";

/** Somebody who has those grants; its credential is its id. */
export function principal(id: string, ...grants: string[]): Principal {
	return { id, subject: id, anonymous: false, grants };
}

export interface TestGatewayOptions {
	readonly clock?: Clock;
	readonly principals?: readonly Principal[];
	readonly limits?: Partial<GatewayLimits>;
	readonly openDonors?: boolean;
	readonly strategy?: StrategyName | UserStrategy;
}

/** The socket half of a gateway on a free port, without HTTP around it. */
export async function openTestGateway(options: TestGatewayOptions = {}) {
	const clock = options.clock ?? systemClock;
	const log = pino({ level: "silent" });
	const traffic = newTraffic();
	const ledger = new CallLedger({ maxRows: 100, clock });
	const limits = {
		...DEFAULT_LIMITS,
		maxConnectionsPerAddress: 1_000,
		...options.limits,
	};
	const bundles = new BundleCatalogue({
		store: createMemoryStore().bundles,
		limits,
		clock,
		log,
	});
	const registry = new MemoryRegistry({
		identities: createMemoryStore().identities,
		published: bundles,
		clock,
		limits,
		silent: (_nodeId, connectionId) => door.giveUp(connectionId),
	});
	const relay = new Relay({ registry, traffic, clock, log, limits });
	const routes = new RouteBoard({
		registry,
		strategy: options.strategy ?? "least_connections",
		clock,
		log,
	});
	const everything = principal("everything", "call:*", "node:*");
	const known = new Map(
		[everything, ...(options.principals ?? [])].map((each) => [each.id, each]),
	);
	const offers = new DonorOffers({ bundles, clock, log });
	const door = createSocketDoor({
		openDonors: options.openDonors ?? false,
		offers,
		authenticate: async (credential) => {
			const found = known.get(credential ?? everything.id);
			if (found) return found;
			throw new EasyRemoteError(
				"UNAUTHENTICATED",
				"the credential is not valid",
			);
		},
		registry,
		relay,
		routes,
		traffic,
		ledger,
		clock,
		log,
		gatewayId: "test",
		iceServers: () => ({ servers: [{ urls: "stun:stun.example.com" }] }),
		limits,
		healthCheckIntervalMs: HEALTH_CHECK_INTERVAL_MS,
		newId: randomUUID,
	});
	const server = new WebSocketServer({
		port: 0,
		host: "127.0.0.1",
		maxPayload: limits.maxMessageBytes,
		perMessageDeflate: false,
	});
	server.on("connection", (socket, request) => {
		const nodeId = /^\/nodes\/(.+)$/.exec(request.url ?? "")?.[1];
		door.accept({
			socket,
			stream: request.socket,
			path:
				nodeId === undefined ? { role: "client" } : { role: "node", nodeId },
			context: {
				address: "127.0.0.1",
				host: request.headers.host,
				forwarded: false,
			},
			credential: undefined,
		});
	});
	await new Promise((resolve) => server.once("listening", resolve));
	const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const peers: RawPeer[] = [];
	const connect = async (
		path: string,
		peerOptions?: RawPeerOptions,
	): Promise<RawPeer> => {
		const peer = await RawPeer.connect(url + path, peerOptions);
		peers.push(peer);
		return peer;
	};
	return {
		url,
		door,
		bundles,
		registry,
		relay,
		routes,
		traffic,
		ledger,
		/** A socket on which nothing has been said. */
		connect,
		/** A client that has been welcomed. */
		async client(credential?: string): Promise<RawPeer> {
			const peer = await connect("/clients");
			await peer.hello("client", { credential });
			return peer;
		},
		/** A node that has been welcomed and offers these functions. */
		async node(
			nodeId: string,
			functions: readonly string[] = ["add"],
			credential?: string,
		): Promise<RawPeer> {
			const peer = await connect(`/nodes/${nodeId}`);
			await peer.hello("node", { nodeId, credential });
			await peer.register(...functions);
			return peer;
		},
		async close(): Promise<void> {
			await door.close();
			offers.close();
			for (const peer of peers) peer.terminate();
			routes.close();
			registry.close();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

export type TestGateway = Awaited<ReturnType<typeof openTestGateway>>;
