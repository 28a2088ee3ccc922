import { EasyRemoteError } from "@easyremote/shared/errors";
import { type Context, Hono } from "hono";
import type { Principal } from "../auth/principal.js";
import type { HttpEnv } from "./http-env.js";

/** `GET /api/report`: what the gateway is doing and what it allows. For admins, since it shows what others do. */
export function reportRoutes(options: {
	readonly authenticate: (context: Context<HttpEnv>) => Promise<Principal>;
	/** The figures as of now, as plain data. */
	readonly report: () => Promise<Readonly<Record<string, unknown>>>;
}): Hono<HttpEnv> {
	const routes = new Hono<HttpEnv>();
	routes.get("/api/report", async (context) => {
		const principal = await options.authenticate(context);
		if (!principal.grants.includes("admin")) {
			throw new EasyRemoteError(
				"PERMISSION_DENIED",
				"the report is for admins",
				{
					hint: "Use a key with the grant “admin”.",
				},
			);
		}
		return context.json(await options.report(), 200, {
			"cache-control": "no-store",
		});
	});
	return routes;
}
