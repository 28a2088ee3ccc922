import { randomBytes } from "node:crypto";
import type { Clock } from "@easyremote/shared/time";
import type { Hono } from "hono";
import type { Logger } from "pino";
import type { IceAsker } from "./ice/ice-servers.js";
import type { IceOffer } from "./ice/ice-terms.js";
import { AnswerShelf } from "./answers/answer-shelf.js";
import { KeptAnswers } from "./answers/kept-answers.js";
import { Authenticator } from "./auth/authenticator.js";
import { createTokenVerifier } from "./auth/jwt/create-token-verifier.js";
import { isLoopbackHostname } from "./auth/loopback.js";
import { DEVELOPER } from "./auth/principal.js";
import { TrustedProxies } from "./auth/trusted-proxies.js";
import { DonorOffers } from "./bundles/donor-offers.js";
import { BundleCatalogue } from "./bundles/bundle-catalogue.js";
import type { GatewaySettings } from "./config/gateway-options.js";
import { createApp } from "./http/app.js";
import { ConnectionGate } from "./http/connection-gate.js";
import type { HttpEnv } from "./http/http-env.js";
import { LocalCallers } from "./http/local-callers.js";
import { createOriginPolicy, type OriginPolicy } from "./http/origin-policy.js";
import { RunningCalls } from "./http/running-calls.js";
import { JobDesk } from "./jobs/job-desk.js";
import { ByteBudget } from "./limits/byte-budget.js";
import { CallRates } from "./limits/call-quota.js";
import { CallLedger } from "./observe/call-ledger.js";
import { EventLoopMonitor } from "./observe/event-loop.js";
import { createMetrics } from "./observe/metrics.js";
import type { ObservedGateway } from "./observe/observed-gateway.js";
import { reportOf } from "./observe/report.js";
import { RestObserver } from "./observe/rest-observer.js";
import { countRefusal, newTraffic, type Traffic } from "./observe/traffic.js";
import { DocumentCache } from "./openapi/document-cache.js";
import type { PluginHooks } from "@easyremote/shared/plugins";
import { NodePresence } from "./plugins/node-presence.js";
import { TrustLedger } from "./trust/trust-ledger.js";
import { VerdictDesk } from "./trust/verdict-desk.js";
import { openPlugins } from "./plugins/open-plugins.js";
import { PluginObserver } from "./plugins/plugin-observer.js";
import { MemoryRegistry } from "./registry/memory-registry.js";
import { Relay } from "./relay/relay.js";
import { RouteBoard } from "./routing/route-board.js";
import { createSocketDoor, type SocketDoor } from "./socket/socket-door.js";
import { type OpenedStore, openStore } from "./store/open-store.js";

/** What a gateway consists of besides its sockets. */
export interface GatewayParts {
	readonly clock: Clock;
	readonly log: Logger;
	readonly opened: OpenedStore;
	readonly authenticator: Authenticator;
	/** Which pages may call. */
	readonly policy: OriginPolicy;
	/** Which pages may be nodes: those that embed the donate page as well. */
	readonly nodePolicy: OriginPolicy;
	readonly proxies: TrustedProxies;
	readonly registry: MemoryRegistry;
	readonly routes: RouteBoard;
	readonly relay: Relay;
	readonly traffic: Traffic;
	readonly door: SocketDoor;
	readonly callers: LocalCallers;
	/** Answers that are kept. */
	readonly shelf: AnswerShelf;
	readonly trust: TrustLedger;
	readonly running: RunningCalls;
	readonly jobs: JobDesk;
	readonly bundles: BundleCatalogue;
	readonly offers: DonorOffers;
	readonly gate: ConnectionGate;
	/** Undefined where there are no plugins. */
	readonly hooks: PluginHooks | undefined;
	readonly eventLoop: EventLoopMonitor;
	readonly app: Hono<HttpEnv>;
}

export interface PartsOptions {
	readonly settings: GatewaySettings;
	readonly clock: Clock;
	readonly log: Logger;
	/** Whether new work is taken. */
	readonly ready: () => boolean;
	/** What a peer is to find a direct path with. */
	readonly iceServers: (asker: IceAsker) => IceOffer;
}

/** Puts the parts together. Throws UNAVAILABLE if the store cannot be opened. */
export function assembleGateway({
	settings,
	clock,
	log,
	ready,
	iceServers,
}: PartsOptions): GatewayParts {
	const { limits, auth } = settings;
	const { jwt } = auth;
	const opened = openStore(settings.store);
	const hooks = openPlugins({ plugins: settings.plugins, clock, log });
	const traffic = newTraffic();
	const trust = new TrustLedger({
		store: opened.store.donors,
		clock,
		log,
		quarantineMs: settings.donors.quarantine,
		maxDonors: limits.maxDonors,
		changed: (donorId) => registry.trustChanged(donorId),
	});
	const verdicts = new VerdictDesk({
		ledger: trust,
		donorOf: (nodeId) => registry.donorOf(nodeId),
		log,
	});
	const worked = (node: string, ms: number) => verdicts.worked(node, ms);
	const ledger = new CallLedger({
		maxRows: limits.maxCallSeries,
		worked,
		clock,
	});
	const eventLoop = new EventLoopMonitor(clock);
	const bundles = new BundleCatalogue({
		store: opened.store.bundles,
		limits,
		clock,
		log,
	});
	const registry = new MemoryRegistry({
		identities: opened.store.identities,
		clock,
		limits,
		healthCheckIntervalMs: settings.healthCheckInterval,
		published: bundles,
		trustOf: (principalId, donorId) => trust.trustOf(principalId, donorId),
		silent: (nodeId, connectionId) => {
			log.warn({ node: nodeId }, "a node is silent and counts as lost");
			door.giveUp(connectionId);
		},
	});
	const routes = new RouteBoard({
		registry,
		strategy: settings.routing.strategy,
		clock,
		log,
	});
	const relay = new Relay({ registry, traffic, clock, log, limits });
	const shelf = new AnswerShelf({
		store: opened.store.answers,
		limits,
		clock,
		log,
	});
	const callers = new LocalCallers({
		board: routes,
		relay,
		clock,
		verdict: (verdict) => verdicts.found(verdict),
		answers: (principal) => new KeptAnswers({ shelf, registry, principal }),
		observe: (principal) => {
			const inner = new RestObserver({ ledger, log, worked, principal });
			return hooks ? new PluginObserver({ hooks, principal, inner }) : inner;
		},
	});
	const authenticator = new Authenticator({
		store: opened.store,
		clock,
		log,
		allowAnonymous: auth.allowAnonymous,
		loopbackOnly: isLoopbackHostname(settings.host),
		tokens: jwt && createTokenVerifier(jwt, { clock, log }),
		lost: (principalIds) => {
			door.disconnect(principalIds);
			callers.drop(principalIds);
			jobs.drop(principalIds);
		},
	});
	const { authenticate } = authenticator;
	const offers = new DonorOffers({ bundles, clock, log });
	const door = createSocketDoor({
		authenticate,
		openDonors: settings.donors.open,
		offers,
		registry,
		relay,
		routes,
		traffic,
		ledger,
		verdicts,
		presence: hooks && new NodePresence(hooks),
		clock,
		log,
		limits,
		healthCheckIntervalMs: settings.healthCheckInterval,
		gatewayId: randomId(),
		newId: randomId,
		iceServers: ({ id }, { host }) => iceServers({ principalId: id, host }),
	});
	const policy = createOriginPolicy(
		settings.cors.origins,
		() => authenticator.developmentMode,
	);
	const nodePolicy = createOriginPolicy(
		[...settings.cors.origins, ...settings.donors.embedOrigins],
		() => authenticator.developmentMode,
	);
	const proxies = new TrustedProxies(settings.trustedProxies);
	const running = new RunningCalls(limits.maxRunningCalls);
	const gate = new ConnectionGate(limits, (address) => proxies.trusts(address));
	const bodies = new ByteBudget(limits.maxBodyBytesInAll);
	const jobs = new JobDesk({
		store: opened.store.jobs,
		// Taken in while its token was good, a job goes on when that has run out: it outlives whoever made it.
		callerFor: (principal) =>
			callers.for({ ...principal, expiresAt: undefined }),
		providersFor: (query, principal) => registry.providersFor(query, principal),
		stillValid: (principal) => authenticator.stillValid(principal),
		settings: settings.jobs,
		limits,
		clock,
		log,
		newId: () => `job_${randomBytes(16).toString("base64url")}`,
	});
	const observed: ObservedGateway = {
		ledger,
		traffic,
		limits,
		ready,
		sockets: () => door.stats,
		sessions: () => relay.size,
		routes: () => routes.size,
		jobs: () => jobs.stats,
		published: () => bundles.figures,
		http: () => ({
			connections: gate.size,
			connectionsRefused: gate.refused,
			running: running.count,
			calls: running.total,
			bodyBytes: bodies.taken,
		}),
		nodes: () => registry.nodes(DEVELOPER),
		keptAnswers: () => shelf.figures,
		pluginFailures: () => hooks?.failures ?? {},
		lag: () => eventLoop.lag,
		since: clock.now(),
		now: () => clock.now(),
	};
	const app = createApp({
		authenticate,
		policy,
		proxies,
		ready,
		running,
		callerFor: (principal) => callers.for(principal),
		providersFor: (principal) => registry.list(principal),
		nodesFor: (principal) => registry.nodes(principal),
		report: () => reportOf(observed),
		donors: {
			credits: () => trust.credits(),
			creditOf: (donorId) => trust.creditOf(donorId),
		},
		metrics: settings.metrics ? createMetrics(observed) : undefined,
		refused: (error) => countRefusal(traffic, "http", error),
		limits,
		rates: new CallRates(limits, clock),
		bodies,
		jobs,
		jobSettings: settings.jobs,
		bundles,
		donorLeaves: (connectionId) => door.leave(connectionId),
		webUi: settings.webUi,
		origins: [...settings.cors.origins, ...settings.donors.embedOrigins],
		embedOrigins: settings.donors.embedOrigins,
		documents: settings.apiDocs
			? new DocumentCache({
					registry,
					bundles,
					maxBytes: limits.maxListingBytes,
				})
			: undefined,
		clock,
		log,
	});
	return {
		clock,
		log,
		opened,
		authenticator,
		policy,
		nodePolicy,
		proxies,
		registry,
		routes,
		relay,
		traffic,
		door,
		callers,
		shelf,
		trust,
		running,
		jobs,
		bundles,
		offers,
		gate,
		hooks,
		eventLoop,
		app,
	};
}

/** Names a connection or a gateway: 96 random bits. */
function randomId(): string {
	return randomBytes(12).toString("base64url");
}
