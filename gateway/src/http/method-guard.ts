import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Hono } from "hono";
import type { HttpEnv } from "./http-env.js";
import { problemResponse } from "./problem.js";

/**
 * Answers every other method on the app's paths: `OPTIONS` with those there are, the rest with 405 that names them.
 * Call it when all routes are in: routes match in the order they were added.
 */
export function guardMethods(app: Hono<HttpEnv>): void {
	const methods = new Map<string, Set<string>>();
	for (const { path, method } of app.routes) {
		if (method === "ALL") continue;
		const known = methods.get(path) ?? new Set();
		methods.set(path, known.add(method));
	}
	for (const [path, known] of methods) {
		if (known.has("GET")) known.add("HEAD");
		const allow = [...known, "OPTIONS"].join(", ");
		app.all(path, (context) =>
			context.req.method === "OPTIONS"
				? new Response(null, { status: 204, headers: { allow } })
				: problemResponse(notAllowed(context.req.method, allow), { allow }),
		);
	}
}

function notAllowed(method: string, allow: string): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`${method.slice(0, 32)} is not a method of this path`,
		{ details: { reason: "method_not_allowed" }, hint: `Use ${allow}.` },
	);
}
