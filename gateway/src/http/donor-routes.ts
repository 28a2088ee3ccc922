import { EasyRemoteError } from "@easyremote/shared/errors";
import { type Context, Hono } from "hono";
import type { Principal } from "../auth/principal.js";
import type { DonorCredit } from "../trust/trust-ledger.js";
import type { HttpEnv } from "./http-env.js";

/** A thumbprint: 12 bytes in base64url. */
const DONOR_ID = /^[A-Za-z0-9_-]{16}$/;

export interface DonorRoutesOptions {
	readonly authenticate: (context: Context<HttpEnv>) => Promise<Principal>;
	readonly credits: () => readonly DonorCredit[];
	readonly creditOf: (donorId: string) => DonorCredit | undefined;
}

/**
 * `GET /api/donors`: what donors have given. Of one, by `?id=`, to whoever knows its thumbprint, which says nothing of who
 * that is; of all, to admins.
 */
export function donorRoutes(options: DonorRoutesOptions): Hono<HttpEnv> {
	const routes = new Hono<HttpEnv>();
	routes.get("/api/donors", async (context) => {
		const donors = await asked(context, options);
		return context.json({ donors }, 200, { "cache-control": "no-store" });
	});
	return routes;
}

async function asked(
	context: Context<HttpEnv>,
	{ authenticate, credits, creditOf }: DonorRoutesOptions,
): Promise<readonly DonorCredit[]> {
	const id = context.req.query("id");
	if (id !== undefined) {
		if (!DONOR_ID.test(id)) throw noDonorId();
		const credit = creditOf(id);
		return credit ? [credit] : [];
	}
	const principal = await authenticate(context);
	if (principal.grants.includes("admin")) return credits();
	throw new EasyRemoteError(
		"PERMISSION_DENIED",
		"the list of all donors is for admins",
		{ hint: "Use a key with the grant “admin”, or ask for one donor by ?id=." },
	);
}

function noDonorId(): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", "that is not a donor's id", {
		hint: "A donor's id is 16 characters; the page it donates with shows it.",
	});
}
