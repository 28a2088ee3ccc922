import type { MiddlewareHandler } from "hono";
import type { TrustedProxies } from "../auth/trusted-proxies.js";
import type { HttpEnv } from "./http-env.js";
import { requestAuthContext } from "./request-context.js";
import { type OriginPolicy, originRefused } from "./origin-policy.js";
import { problemResponse } from "./problem.js";

const PREFLIGHT = {
	"access-control-allow-methods": "GET, POST, PUT, DELETE",
	"access-control-allow-headers":
		"authorization, cache-control, content-type, idempotency-key, if-none-match, prefer, traceparent, tracestate, x-easyremote-quorum, x-easyremote-timeout",
	// The longest that any browser keeps it: two hours.
	"access-control-max-age": "7200",
} as const;

const EXPOSED =
	"etag, idempotency-replayed, location, preference-applied, retry-after, x-easyremote-cache, x-easyremote-call-id, x-easyremote-node, x-easyremote-route, x-easyremote-verified";

/**
 * Turns away pages of other origins, and tells browsers which ones need not fear that (the Fetch standard's CORS
 * protocol). Refusing, instead of merely not answering in readable form, keeps a page anywhere from causing calls
 * on a gateway in development mode. Credentials never travel as cookies, so none are allowed.
 */
export function cors(
	policy: OriginPolicy,
	proxies: TrustedProxies,
): MiddlewareHandler<HttpEnv> {
	return async (context, next) => {
		const origin = context.req.header("origin");
		if (origin === undefined) {
			// Old browsers and plain links send no Origin, newer ones say this much.
			if (
				context.req.header("sec-fetch-site") === "cross-site" &&
				context.req.method !== "GET"
			)
				return problemResponse(originRefused("another site"));
			await next();
			return undefined;
		}
		if (!policy.allows(origin, requestAuthContext(context, proxies)))
			return problemResponse(originRefused(origin));
		const headers = { "access-control-allow-origin": origin, vary: "Origin" };
		if (
			context.req.method === "OPTIONS" &&
			context.req.header("access-control-request-method") !== undefined
		)
			return new Response(null, {
				status: 204,
				headers: { ...headers, ...PREFLIGHT },
			});
		await next();
		context.res.headers.set("access-control-allow-origin", origin);
		context.res.headers.append("vary", "Origin");
		context.res.headers.set("access-control-expose-headers", EXPOSED);
		return undefined;
	};
}
