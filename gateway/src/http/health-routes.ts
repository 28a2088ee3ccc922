import { Hono } from "hono";
import { VERSION } from "../version.js";
import type { HttpEnv } from "./http-env.js";

/** `/healthz`: the process answers, and of which version it is. `/readyz`: it takes new work, which it does not before `listen` and while it drains. */
export function healthRoutes(ready: () => boolean): Hono<HttpEnv> {
	const routes = new Hono<HttpEnv>();
	routes.get("/healthz", (context) =>
		context.json({ status: "ok" }, 200, {
			...NO_STORE,
			"x-easyremote-version": VERSION,
		}),
	);
	routes.get("/readyz", (context) =>
		ready()
			? context.json({ status: "ready" }, 200, NO_STORE)
			: context.json({ status: "draining" }, 503, NO_STORE),
	);
	return routes;
}

const NO_STORE = { "cache-control": "no-store" };
