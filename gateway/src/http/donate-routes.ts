import { type Context, Hono } from "hono";
import type { ByteBudget } from "../limits/byte-budget.js";
import { readBody } from "./body-reader.js";
import type { HttpEnv } from "./http-env.js";

export interface DonateRoutesOptions {
	/** Takes a donor off, by the id of its connection, which nobody else knows. */
	readonly leave: (connectionId: string) => void;
	readonly bodies: ByteBudget;
}

/** Longer than any id. */
const MAX_BODY_BYTES = 256;

/**
 * `POST /donate/leave`: the last word of a page that is being closed (`navigator.sendBeacon`), ahead of the end of its socket,
 * which may take seconds. Nobody reads the answer, so it is the same whoever asks.
 */
export function donateRoutes({
	leave,
	bodies,
}: DonateRoutesOptions): Hono<HttpEnv> {
	const routes = new Hono<HttpEnv>();
	routes.post("/donate/leave", async (context: Context<HttpEnv>) => {
		const share = bodies.open();
		try {
			const body = await readBody(context, MAX_BODY_BYTES, share);
			leave(new TextDecoder().decode(body));
		} finally {
			share.giveBack();
		}
		return context.body(null, 204);
	});
	return routes;
}
