import { type Caller, parseReference } from "@easyremote/shared/caller";
import type { EncodedValue } from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { validTraceparent } from "@easyremote/shared/telemetry";
import type { Clock } from "@easyremote/shared/time";
import { type Context, Hono } from "hono";
import type { Principal } from "../auth/principal.js";
import type { TrustedProxies } from "../auth/trusted-proxies.js";
import { RESERVED_NAMES } from "../bundles/reserved-names.js";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { JobSettings } from "../config/job-options.js";
import type { JobDesk } from "../jobs/job-desk.js";
import type { ByteBudget, ByteShare } from "../limits/byte-budget.js";
import type { CallRates } from "../limits/call-quota.js";
import { readBody } from "./body-reader.js";
import { readAccept } from "./accept.js";
import { answerBody } from "./call-answer.js";
import { whenCallerLeaves } from "./caller-leaving.js";
import { cacheHeaders, wantsFresh } from "./cache-headers.js";
import { readCallInput } from "./call-input.js";
import type { HttpEnv } from "./http-env.js";
import { readIdempotencyKey } from "./idempotency-key.js";
import { keepCall } from "./kept-call.js";
import { readPrefer } from "./prefer.js";
import { problemResponse } from "./problem.js";
import { quorumHeaders, readQuorum } from "./quorum-headers.js";
import { requestAuthContext } from "./request-context.js";
import type { RunningCalls } from "./running-calls.js";
import { STREAM_TYPES, streamBody } from "./stream-answer.js";

export interface CallRoutesOptions {
	readonly proxies: TrustedProxies;
	readonly authenticate: (context: Context<HttpEnv>) => Promise<Principal>;
	/** The caller that acts for a principal. */
	readonly callerFor: (principal: Principal) => Caller;
	/** Whether new work is taken. */
	readonly ready: () => boolean;
	readonly running: RunningCalls;
	readonly limits: GatewayLimits;
	/** Counts what each principal calls. */
	readonly rates: CallRates;
	/** Where the memory of bodies comes from. */
	readonly bodies: ByteBudget;
	readonly jobs: JobDesk;
	readonly jobSettings: JobSettings;
	readonly clock: Clock;
}

/** `POST /api/{ref}`: one call, as any program with an HTTP library can make it. */
export function callRoutes(options: CallRoutesOptions): Hono<HttpEnv> {
	const routes = new Hono<HttpEnv>();
	routes.post("/api/:ref", (context) =>
		answer(context, context.req.param("ref")),
	);
	routes.post("/api/:bundle/:function", (context, next) => {
		const { bundle, function: name } = context.req.param();
		// What else is there says itself which methods it has.
		return RESERVED_NAMES.has(bundle)
			? next()
			: answer(context, `${bundle}/${name}`);
	});
	return routes;

	async function answer(
		context: Context<HttpEnv>,
		reference: string,
	): Promise<Response> {
		if (!options.ready()) {
			throw new EasyRemoteError("UNAVAILABLE", "the gateway is shutting down", {
				retryAfterMs: 1_000,
			});
		}
		const leaveRunning = options.running.enter();
		const share = options.bodies.open();
		const leave = () => {
			share.giveBack();
			leaveRunning();
		};
		try {
			return await call(context, reference, options, share, leave);
		} catch (error) {
			leave();
			throw error;
		}
	}
}

/** @param done to be called once when nothing more is to be sent */
async function call(
	context: Context<HttpEnv>,
	reference: string,
	options: CallRoutesOptions,
	share: ByteShare,
	done: () => void,
): Promise<Response> {
	// Refused before the body is read: strangers send nothing.
	const principal = await options.authenticate(context);
	options.rates.take(
		principal,
		requestAuthContext(context, options.proxies).address,
	);
	const { limits } = options;
	const target = parseReference(reference);
	const timeoutMs = readTimeout(context.req.header("x-easyremote-timeout"));
	const key = readIdempotencyKey(context.req.header("idempotency-key"));
	const { respondAsync } = readPrefer(context.req.header("prefer"));
	const cache = !wantsFresh(context.req.header("cache-control"));
	const kept = respondAsync || key !== undefined;
	const quorum = readQuorum(context.req.header("x-easyremote-quorum"), kept);
	const traceparent = validTraceparent(context.req.header("traceparent"));
	const accepted = readAccept(context.req.header("accept"));
	const input = readCallInput(
		{
			contentType: context.req.header("content-type"),
			contentEncoding: context.req.header("content-encoding"),
			body: await readBody(context, limits.maxBodyBytes, share),
			args: context.req.query("args"),
		},
		limits.maxBodyDepth,
	);
	if (kept) {
		const request = {
			principal,
			target,
			input,
			key,
			respondAsync,
			timeoutMs,
			cache,
			traceparent,
			accepted,
			callTimeoutMs: limits.callTimeoutMs,
			signal: context.req.raw.signal,
		};
		const answer = await keepCall(request, options.jobs, options.jobSettings);
		done();
		return answer;
	}

	const made = options
		.callerFor(principal)
		.start<AsyncIterator<EncodedValue | undefined> | EncodedValue | undefined>({
			target,
			input,
			raw: true,
			accept:
				!accepted.bytes && accepted.values === "json" ? "json" : "msgpack",
			options: {
				timeout: timeoutMs ?? limits.callTimeoutMs,
				transport: "relay",
				traceparent,
				cache,
				quorum,
			},
		});
	whenCallerLeaves(context, () => made.cancel("the caller left"));
	try {
		const { value: result, meta } = await made.withMeta();
		const { nodeId, routeReason = "" } = meta;
		const headers = {
			"x-easyremote-call-id": made.id,
			"x-easyremote-node": nodeId ?? "",
			"x-easyremote-route": routeReason,
			"cache-control": "no-store",
			"x-content-type-options": "nosniff",
			...cacheHeaders(meta),
			...quorumHeaders(meta),
		};
		if (isStream(result)) {
			// Behind nginx, buffering would hold items back.
			const streamHeaders = {
				...headers,
				"content-type": STREAM_TYPES[accepted.stream],
				"x-accel-buffering": "no",
			};
			const body = streamBody({
				items: result,
				form: accepted.stream,
				callId: made.id,
				clock: options.clock,
				done,
			});
			return new Response(body, { status: 200, headers: streamHeaders });
		}
		const answer = answerBody(result, accepted);
		done();
		return new Response(answer.body, {
			status: 200,
			headers: { ...headers, "content-type": answer.type },
		});
	} catch (error) {
		const { nodeId } = made.route;
		done();
		return problemResponse(
			error,
			nodeId === undefined ? {} : { "x-easyremote-node": nodeId },
			made.id,
		);
	}
}

function isStream(
	result: AsyncIterator<EncodedValue | undefined> | EncodedValue | undefined,
): result is AsyncIterator<EncodedValue | undefined> {
	return result !== undefined && "next" in result;
}

function readTimeout(header: string | undefined): number | undefined {
	if (header === undefined) return undefined;
	const ms = /^\d{1,12}$/.test(header) ? Number(header) : 0;
	if (ms > 0) return ms;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		"x-easyremote-timeout must be a whole number of milliseconds over 0",
	);
}
