import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Hono } from "hono";
import type { HttpEnv } from "./http-env.js";
import { PROBLEM_TYPE, toProblem } from "./problem.js";

/**
 * Answers every other method on the app's paths with 405, naming those there are. Call it when all routes are in:
 * routes match in the order they were added.
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
		const allow = [...known].join(", ");
		app.all(path, (context) => {
			const error = new EasyRemoteError(
				"INVALID_ARGUMENT",
				`${context.req.method} is not a method of this path`,
				{
					hint: `Use ${allow}.`,
				},
			);
			return new Response(
				JSON.stringify({ ...toProblem(error), status: 405 }),
				{
					status: 405,
					headers: { "content-type": PROBLEM_TYPE, allow },
				},
			);
		});
	}
}
