import { type CacheLimits, cacheLimits } from "@easyremote/shared/cache";
import { EasyRemoteError, toEasyRemoteError } from "@easyremote/shared/errors";
import { type Duration, parseDuration } from "@easyremote/shared/functions";
import { type HostLog, MAX_PEER_CONNECTIONS } from "@easyremote/shared/host";
import { type Plugin, pluginList } from "@easyremote/shared/plugins";
import { isRtc, type RtcImplementation } from "@easyremote/shared/peer";
import * as v from "valibot";
import { type NodeTlsOptions, nodeTlsSchema, tlsFor } from "./node-tls.js";

/** What `createNode` takes. Unknown options are errors that name them. */
export interface NodeOptions {
	/** Address of the gateway: "http://localhost:8080", "https://gw.example.com". Default: `EASYREMOTE_GATEWAY`. */
	readonly gateway?: string | undefined;
	/** Id of this node; default: made from this machine's name. */
	readonly id?: string | undefined;
	/** API key or JWT; default: `EASYREMOTE_KEY`; without one the node is anonymous. */
	readonly key?: string | undefined;
	/** Calls that run at once (10). */
	readonly maxConcurrent?: number | undefined;
	/** Calls that wait for one of those places (100). */
	readonly maxQueue?: number | undefined;
	/** Share of memory in use above which calls are refused with UNAVAILABLE, 0–1 (0.8); 1 never refuses. */
	readonly maxMemoryUsage?: number | undefined;
	/** Share of CPU in use, averaged over about 20 s, above which calls are refused, 0–1 (0.9); 1 never refuses. */
	readonly maxCpuUsage?: number | undefined;
	/** How often the gateway hears of load and resources ("15s"). A gateway may ask for more often. */
	readonly heartbeatInterval?: Duration | undefined;
	/** Longest run of a function that declares no `timeout` and does not stream ("60s"). */
	readonly requestTimeout?: Duration | undefined;
	/** Bounds of the wait between attempts to reach the gateway, full jitter (500 ms … 30 s). */
	readonly reconnect?:
		| {
				readonly min?: Duration | undefined;
				readonly max?: Duration | undefined;
		  }
		| undefined;
	/** Whether generators, and arguments that arrive in pieces, are served (true). */
	readonly streaming?: boolean | undefined;
	/**
	 * Whether functions with `cache: { ttl }` have their answers kept (true), or how many:
	 * `{ maxEntries: 1000, maxBytes: 67_108_864, maxAnswerBytes: 1_048_576 }`.
	 */
	readonly caching?: boolean | Partial<CacheLimits> | undefined;
	/** Whether callers may connect directly, by WebRTC (true). */
	readonly direct?: boolean | undefined;
	/** Peer connections held at once for direct paths; unused ones make room for new ones (64). */
	readonly maxPeerConnections?: number | undefined;
	/** Certificates for a gateway behind https; each PEM, or the path of a file that holds it. */
	readonly tls?: NodeTlsOptions | undefined;
	/** Words by which callers may choose among nodes. */
	readonly tags?: readonly string[] | undefined;
	/** "relay" keeps this machine's addresses from callers: direct paths go through a TURN server, or there are none ("all"). */
	readonly iceTransportPolicy?: "all" | "relay" | undefined;
	/** A WebRTC implementation; default: node-datachannel, loaded when first needed. */
	readonly rtc?: RtcImplementation | undefined;
	/** Longest wait for running calls at `close` ("25s"). */
	readonly drainTimeout?: Duration | undefined;
	/** Told of calls, and of this node's coming and going; may refuse calls. In order (none). */
	readonly plugins?: readonly Plugin[] | undefined;
	/** Whether callers may see stacks of what functions throw (false). */
	readonly exposeStacks?: boolean | undefined;
	/** Where the node, and `call.log`, write; default: pino on standard error, from level "warn". */
	readonly log?: HostLog | undefined;
}

/** Options checked and completed; durations in ms. */
export interface NodeSettings {
	readonly gateway: string;
	readonly id: string | undefined;
	readonly key: string | undefined;
	readonly maxConcurrent: number;
	readonly maxQueue: number;
	readonly maxMemoryUsage: number;
	readonly maxCpuUsage: number;
	readonly heartbeatIntervalMs: number;
	readonly requestTimeoutMs: number;
	readonly reconnect: { readonly minMs: number; readonly maxMs: number };
	readonly streaming: boolean;
	readonly caching: CacheLimits | false;
	readonly direct: boolean;
	readonly maxPeerConnections: number;
	readonly tls: NodeTlsOptions | undefined;
	readonly tags: readonly string[];
	readonly iceTransportPolicy: "all" | "relay";
	readonly rtc: RtcImplementation | undefined;
	readonly drainTimeoutMs: number;
	readonly plugins: readonly Plugin[];
	readonly exposeStacks: boolean;
	readonly log: HostLog | undefined;
}

const count = (least: number) =>
	v.pipe(v.number(), v.integer(), v.minValue(least));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const span = v.pipe(
	v.union(
		[v.number(), v.string()],
		'expected milliseconds or text such as "30s"',
	),
	v.rawTransform(({ dataset, addIssue, NEVER }) => {
		try {
			return parseDuration(dataset.value);
		} catch (error) {
			addIssue({
				message: error instanceof Error ? error.message : "not a duration",
			});
			return NEVER;
		}
	}),
);

const caching = v.pipe(
	v.union(
		[v.boolean(), v.custom<Partial<CacheLimits>>(isObject)],
		"expected true, false, or limits",
	),
	v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
		if (value === false) return value;
		try {
			return cacheLimits(value === true ? {} : value);
		} catch (error) {
			addIssue({ message: toEasyRemoteError(error).message });
			return NEVER;
		}
	}),
);

const schema = v.strictObject({
	gateway: v.optional(v.string()),
	id: v.optional(v.string()),
	key: v.optional(v.string()),
	maxConcurrent: v.optional(count(1), 10),
	maxQueue: v.optional(count(0), 100),
	maxMemoryUsage: v.optional(share, 0.8),
	maxCpuUsage: v.optional(share, 0.9),
	heartbeatInterval: v.optional(span, 15_000),
	requestTimeout: v.optional(span, 60_000),
	reconnect: v.optional(
		v.strictObject({
			min: v.optional(span, 500),
			max: v.optional(span, 30_000),
		}),
		{},
	),
	streaming: v.optional(v.boolean(), true),
	caching: v.optional(caching, true),
	direct: v.optional(v.boolean(), true),
	maxPeerConnections: v.optional(count(1), MAX_PEER_CONNECTIONS),
	tls: v.optional(nodeTlsSchema),
	tags: v.optional(
		v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
		[],
	),
	iceTransportPolicy: v.optional(v.picklist(["all", "relay"]), "all"),
	rtc: v.optional(
		v.custom<RtcImplementation>(
			isRtc,
			"expected a WebRTC implementation, such as @roamhq/wrtc",
		),
	),
	drainTimeout: v.optional(span, 25_000),
	plugins: v.optional(pluginList, []),
	exposeStacks: v.optional(v.boolean(), false),
	log: v.optional(v.custom<HostLog>(isObject, "expected a logger")),
});

function isObject(value: unknown): boolean {
	return typeof value === "object" && value !== null;
}

/** Where settings that were not given are looked for. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Checks options and fills in what is missing. Throws INVALID_ARGUMENT that names the option at fault, an unknown one
 * as well, or says that no gateway was named.
 */
export function nodeSettings(
	options: NodeOptions,
	environment: Environment,
): NodeSettings {
	const result = v.safeParse(schema, options, { abortEarly: true });
	if (!result.success) throw optionError(result.issues[0]);
	const {
		reconnect,
		heartbeatInterval,
		requestTimeout,
		drainTimeout,
		...rest
	} = result.output;
	const gateway = rest.gateway ?? environment["EASYREMOTE_GATEWAY"];
	if (gateway === undefined || gateway === "") throw noGateway();
	if (reconnect.min > reconnect.max) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			'option "reconnect": min is more than max',
		);
	}
	return {
		...rest,
		id: rest.id,
		key: rest.key ?? (environment["EASYREMOTE_KEY"] || undefined),
		rtc: rest.rtc,
		tls: rest.tls && tlsFor(gateway, rest.tls),
		log: rest.log,
		gateway,
		heartbeatIntervalMs: heartbeatInterval,
		requestTimeoutMs: requestTimeout,
		drainTimeoutMs: drainTimeout,
		reconnect: { minMs: reconnect.min, maxMs: reconnect.max },
	};
}

function optionError(issue: v.BaseIssue<unknown>): EasyRemoteError {
	const path = v.getDotPath(issue);
	const isUnknown =
		issue.type === "strict_object" && issue.expected === "never";
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		isUnknown
			? `createNode has no option "${path ?? issue.received}"`
			: `option "${path ?? ""}" of createNode: ${issue.message}`,
		{ details: { option: path ?? undefined } },
	);
}

function noGateway(): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", "no gateway was named", {
		hint: 'pass { gateway: "http://localhost:8080" }, or set EASYREMOTE_GATEWAY',
	});
}
