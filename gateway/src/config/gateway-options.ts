import {
	DEFAULT_STRATEGY,
	STRATEGY_NAMES,
	type UserStrategy,
} from "@easyremote/shared/routing";
import type { Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import * as v from "valibot";
import { jwtSchema } from "../auth/jwt/jwt-options.js";
import { isNetwork } from "../auth/trusted-proxies.js";
import type { Store } from "../store/store.js";
import { duration } from "./duration.js";
import { pluginList } from "@easyremote/shared/plugins";
import { limitsSchema } from "./gateway-limits.js";
import { jobsSchema } from "./job-options.js";

/** PEM, or the path of a file that holds it. */
const pem = v.union([v.pipe(v.string(), v.nonEmpty()), v.instance(Uint8Array)]);
const turnUrl = v.pipe(
	v.string(),
	v.regex(
		/^turns?:[^\s]+$/,
		"expected a URL such as turn:turn.example.com:3478",
	),
);
/** As many as fit into `welcome`: more would be refused by every peer, not here. */
const MOST_URLS = 16;
const MOST_TURN_SERVERS = 31;
const turnUrls = v.union([
	turnUrl,
	v.pipe(v.array(turnUrl), v.nonEmpty(), v.maxLength(MOST_URLS)),
]);
/** Shorter ones would run out between two heartbeats of a peer, which bring the next, or while an attempt is under way, ms. */
const SHORTEST_TTL_MS = 60_000;
/** Shares a secret with the gateway, which makes credentials of it that last `ttl` ("1h"): coturn's use-auth-secret. */
const turnWithSecret = v.strictObject({
	urls: turnUrls,
	secret: v.pipe(v.string(), v.nonEmpty()),
	ttl: v.optional(
		v.pipe(
			duration,
			v.minValue(SHORTEST_TTL_MS, 'credentials must last "1m" at least'),
		),
		"1h",
	),
});
/** Knows one name and password, which every peer is told. */
const turnWithPassword = v.strictObject({
	urls: turnUrls,
	username: v.string(),
	credential: v.string(),
});
// Chosen by what is there, since a union would not say which key is wrong.
const turnServer = v.lazy((input) =>
	typeof input === "object" && input !== null && "username" in input
		? turnWithPassword
		: turnWithSecret,
);
const turnServers = v.lazy((input) =>
	Array.isArray(input)
		? v.pipe(v.array(turnServer), v.maxLength(MOST_TURN_SERVERS))
		: turnServer,
);
const stunUrl = v.pipe(
	v.string(),
	v.regex(
		/^stuns?:[^\s]+$/,
		"expected a URL such as stun:stun.example.com:3478",
	),
);

/** A browser's `Origin`: scheme, host and port, nothing behind them. */
const origin = v.pipe(
	v.string(),
	v.check(
		(text) => URL.canParse(text) && new URL(text).origin === text,
		"expected an origin such as https://app.example.com",
	),
);

/** Shorter, and calls of before would still be running, ms. */
const SHORTEST_QUARANTINE_MS = 1_000;

/** More heartbeats than this would be the load of a node, ms. */
const SHORTEST_HEALTH_CHECK_MS = 50;
/** A node that died is offered to callers for twice as long, ms. */
const LONGEST_HEALTH_CHECK_MS = 3_600_000;

/** Everything that plain data can say about a gateway; a config file takes the same. */
export const gatewaySettings = {
	/** Port of HTTP, WebSocket and (UDP) STUN; 0 picks a free one. */
	port: v.optional(
		v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)),
		8080,
	),
	/** Address to listen on. Any but a loopback address ends development mode. */
	host: v.optional(v.pipe(v.string(), v.nonEmpty()), "127.0.0.1"),
	auth: v.optional(
		v.strictObject({
			/** Lets callers without a credential use functions with `authRequired: false`. */
			allowAnonymous: v.optional(v.boolean(), false),
			/** Takes tokens of this issuer. */
			jwt: v.optional(jwtSchema),
		}),
		{},
	),
	/** Proxies, by address or network, whose word about callers' addresses is taken. */
	trustedProxies: v.optional(
		v.array(
			v.pipe(
				v.string(),
				v.check(isNetwork, "expected an address or network such as 10.0.0.0/8"),
			),
		),
		[],
	),
	/** Pages of which other origins may use this gateway. */
	cors: v.optional(
		v.strictObject({ origins: v.optional(v.array(origin), []) }),
		{},
	),
	routing: v.optional(
		v.strictObject({
			/** How a caller chooses among the nodes that provide a function: by name, or by a function of one's own. */
			strategy: v.optional(
				v.union([
					v.picklist(STRATEGY_NAMES),
					v.custom<UserStrategy>((value) => typeof value === "function"),
				]),
				DEFAULT_STRATEGY,
			),
		}),
		{},
	),
	/** What peers are told to find a direct path with. */
	ice: v.optional(
		v.strictObject({
			/** "builtin" answers STUN on the gateway's own port number; or URLs of others; or none. */
			stun: v.optional(
				v.union([
					v.literal("builtin"),
					v.literal(false),
					stunUrl,
					v.pipe(v.array(stunUrl), v.nonEmpty(), v.maxLength(MOST_URLS)),
				]),
				"builtin",
			),
			/** Servers that relay for peers which no other way connects; each of its own or a shared secret. */
			turn: v.optional(turnServers),
		}),
		{},
	),
	/** How often nodes say that they are alive and how busy; one that is silent for two such times is lost. */
	healthCheckInterval: v.optional(
		v.pipe(
			duration,
			v.minValue(SHORTEST_HEALTH_CHECK_MS, "expected 50 ms at least"),
			v.maxValue(LONGEST_HEALTH_CHECK_MS, "expected an hour at most"),
		),
		"10s",
	),
	/** Asynchronous calls, and those with an idempotency key. */
	jobs: v.optional(jobsSchema, {}),
	limits: v.optional(limitsSchema, {}),
	/** Browsers that run what is published. */
	donors: v.optional(
		v.strictObject({
			/** Lets everybody donate who opens the page, without a credential. */
			open: v.optional(v.boolean(), false),
			/** How long a donor is given no calls once three of its results were found to be wrong. */
			quarantine: v.optional(
				v.pipe(
					duration,
					v.minValue(SHORTEST_QUARANTINE_MS, "expected a second at least"),
				),
				"24h",
			),
			/** Other sites whose pages may be donors: hold the sandbox in a frame and connect as nodes. */
			embedOrigins: v.optional(v.array(origin), []),
		}),
		{},
	),
	/** Serves the OpenAPI document at `/openapi.json` and its page at `/docs`. */
	apiDocs: v.optional(v.boolean(), true),
	/** Serves Prometheus metrics at `/metrics`. */
	metrics: v.optional(v.boolean(), true),
	/** Serves the dashboard at `/` and the donate page at `/donate`. */
	webUi: v.optional(v.boolean(), true),
} as const;

function hasMethod(value: unknown, name: string): boolean {
	return (
		typeof value === "object" &&
		value !== null &&
		typeof Reflect.get(value, name) === "function"
	);
}

/** What `createGateway` takes. */
export const gatewayOptionsSchema = v.strictObject({
	...gatewaySettings,
	/** Certificate chain and private key: the gateway then speaks https and wss. `clientCa` issues clients' certificates. */
	tls: v.optional(
		v.strictObject({ cert: pem, key: pem, clientCa: v.optional(pem) }),
	),
	/** Folder of the database, made if missing; or a store of one's own. Absent, nothing outlives the process. */
	store: v.optional(
		v.union([
			v.strictObject({ path: v.pipe(v.string(), v.nonEmpty()) }),
			v.custom<Store>(
				(value) => hasMethod(value, "version"),
				"expected { path } or a Store",
			),
		]),
	),
	/** Told of REST calls and of nodes that come and go; may refuse calls. */
	plugins: v.optional(pluginList, []),
	/** Where to log; silent without. */
	logger: v.optional(
		v.custom<Logger>(
			(value) => hasMethod(value, "info"),
			"expected a pino logger",
		),
	),
	/** Where time comes from; tests pass a `ManualClock`. */
	clock: v.optional(
		v.custom<Clock>(
			(value) => hasMethod(value, "schedule"),
			"expected a Clock",
		),
	),
});

/** What `createGateway` takes, as the user writes it. */
export type GatewayOptions = v.InferInput<typeof gatewayOptionsSchema>;
/** The same with every default filled in. */
export type GatewaySettings = v.InferOutput<typeof gatewayOptionsSchema>;
