import { EasyRemoteError } from "@easyremote/shared/errors";
import { type Context, Hono } from "hono";
import type { Registry } from "prom-client";
import type { Principal } from "../auth/principal.js";
import type { HttpEnv } from "./http-env.js";

/**
 * `GET /metrics`, in Prometheus' text format. It names functions and nodes whoever may see them, so it is for admins, and
 * for keys with the grant `metrics`, which allows nothing else: what scrapes needs no more.
 */
export function metricsRoutes(options: {
	readonly authenticate: (context: Context<HttpEnv>) => Promise<Principal>;
	readonly registry: Registry;
}): Hono<HttpEnv> {
	const routes = new Hono<HttpEnv>();
	routes.get("/metrics", async (context) => {
		const { grants } = await options.authenticate(context);
		if (!grants.includes("admin") && !grants.includes("metrics")) {
			throw new EasyRemoteError(
				"PERMISSION_DENIED",
				"metrics take the grant “metrics” or “admin”",
				{
					hint: "Make a key for it: easyremote-gateway key create --role client --grant metrics.",
				},
			);
		}
		return context.body(await options.registry.metrics(), 200, {
			"content-type": options.registry.contentType,
			"cache-control": "no-store",
		});
	});
	return routes;
}
