import { fileURLToPath } from "node:url";
import { type Context, Hono } from "hono";
import type { Principal } from "../auth/principal.js";
import type { DocumentCache } from "../openapi/document-cache.js";
import { BuiltFiles } from "./built-files.js";
import { fileResponse } from "./file-response.js";
import { findFile } from "./find-file.js";
import type { HttpEnv } from "./http-env.js";

export interface DocsRoutesOptions {
	readonly authenticate: (context: Context<HttpEnv>) => Promise<Principal>;
	readonly documents: DocumentCache;
}

/** `GET /openapi.json`: what this caller may call, for programs. `GET /docs`: the same for people, to try it. */
export function docsRoutes(options: DocsRoutesOptions): Hono<HttpEnv> {
	const page = folder("docs");
	// Copied there by the build.
	const built = folder("dist/docs");
	const dashboard = folder("dashboard");
	const routes = new Hono<HttpEnv>();
	routes.get("/openapi.json", async (context) =>
		fileResponse(
			await options.documents.for(await options.authenticate(context)),
			context.req.raw,
			{ vary: "Authorization" },
		),
	);
	routes.get("/docs", (context) => send(context, [page], "index.html"));
	routes.get("/docs/icon.svg", (context) =>
		send(context, [dashboard], "icon.svg"),
	);
	routes.get("/docs/:file", (context) =>
		send(context, [page, built], context.req.param("file")),
	);
	return routes;
}

/**
 * The reference writes styles into its page, so those are allowed; scripts are its own file and ours, and it talks to
 * nobody but this gateway, whatever its settings or a description might say.
 */
const HEADERS = {
	"content-security-policy": [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self' 'unsafe-inline'",
		"font-src 'self' data:",
		"img-src 'self' data: blob:",
		"connect-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	].join("; "),
	"referrer-policy": "no-referrer",
	"cross-origin-opener-policy": "same-origin",
};

function folder(path: string): BuiltFiles {
	return new BuiltFiles(
		fileURLToPath(new URL(`../../${path}`, import.meta.url)),
	);
}

async function send(
	context: Context<HttpEnv>,
	folders: readonly BuiltFiles[],
	name: string,
): Promise<Response> {
	const file = await findFile(folders, name, "the gateway is");
	return fileResponse(file, context.req.raw, HEADERS);
}
