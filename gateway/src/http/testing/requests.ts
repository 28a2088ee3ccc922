import type { Hono } from "hono";
import type { HttpEnv } from "../http-env.js";
import { PROBLEM_TYPE } from "../problem.js";

/** Makes a function that posts to an app: bytes as they are, anything else as JSON. */
export function poster(app: Hono<HttpEnv>) {
	return async (
		path: string,
		body: unknown,
		headers: Readonly<Record<string, string>> = {},
	): Promise<Response> =>
		app.request(path, {
			method: "POST",
			headers: { "content-type": "application/json", ...headers },
			body:
				body instanceof Uint8Array
					? new Uint8Array(body)
					: JSON.stringify(body),
		});
}

/** The members of a problem. Throws if the answer is none, or shows where in the code it arose. */
export async function problem(
	response: Response,
): Promise<Record<string, unknown>> {
	const type = response.headers.get("content-type");
	const text = await response.text();
	if (type !== PROBLEM_TYPE)
		throw new Error(`not a problem, but ${type ?? "untyped"}: ${text}`);
	if (/\bat .*\.[jt]s/.test(text))
		throw new Error(`a stack in the answer: ${text}`);
	return JSON.parse(text) as Record<string, unknown>;
}
