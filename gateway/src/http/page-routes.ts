import { fileURLToPath } from "node:url";
import { type Context, Hono } from "hono";
import { BuiltFiles } from "./built-files.js";
import { fileResponse } from "./file-response.js";
import { type FileSource, findFile } from "./find-file.js";
import type { HttpEnv } from "./http-env.js";
import { PackageFiles } from "./package-files.js";
import { pageHeaders } from "./page-headers.js";
import { requestHost } from "./request-context.js";
import { sandboxHeaders } from "./sandbox-headers.js";

/** Scripts are public and carry no data of anybody: pages of every origin may load them. */
const SCRIPT_HEADERS = {
	"access-control-allow-origin": "*",
	"cross-origin-resource-policy": "cross-origin",
};

/** Who builds what is served here. */
const MAKERS = "the packages for browsers are";

/** The pages and the browser's libraries: the dashboard, and what the packages for browsers have built. */
export function pageRoutes(options: {
	readonly webUi: boolean;
	/** Whose pages may use this gateway besides its own. */
	readonly origins: readonly string[];
	/** Whose pages may ask their visitors to donate: those that may show `/embed` in a frame. */
	readonly embedOrigins: readonly string[];
}): Hono<HttpEnv> {
	const dashboard = new BuiltFiles(
		fileURLToPath(new URL("../../dashboard", import.meta.url)),
	);
	const pages = new PackageFiles("@easyremote/browser-node/pages/donate.html");
	const client = new PackageFiles("@easyremote/client/browser");
	const routes = new Hono<HttpEnv>();
	for (const name of [
		"client.js",
		"client.js.map",
		"client.global.js",
		"client.global.js.map",
	])
		routes.get(`/${name}`, (context) => script(context, [client], name));
	for (const name of [
		"browser-node.js",
		"browser-node.js.map",
		"embed.js",
		"embed.js.map",
	])
		routes.get(`/${name}`, (context) => script(context, [pages], name));
	routes.get("/assets/*", (context) =>
		script(context, [pages, client], context.req.path.slice(1)),
	);
	routes.get("/sandbox.html", async (context) => {
		const file = await findFile([pages], "sandbox.html", MAKERS);
		const headers = sandboxHeaders(file.bytes, options.origins);
		return fileResponse(file, context.req.raw, headers);
	});
	if (!options.webUi) return routes;
	routes.get("/", (context) => page(context, dashboard, "index.html"));
	routes.get("/donate", (context) => page(context, pages, "donate.html"));
	routes.get("/embed", (context) =>
		page(context, pages, "embed.html", options.embedOrigins),
	);
	routes.get("/dashboard/:file", (context) =>
		script(context, [dashboard], context.req.param("file")),
	);
	return routes;
}

async function page(
	context: Context<HttpEnv>,
	source: FileSource,
	path: string,
	ancestors?: readonly string[],
): Promise<Response> {
	const file = await findFile([source], path, MAKERS);
	const headers = pageHeaders(requestHost(context), ancestors);
	return fileResponse(file, context.req.raw, headers);
}

async function script(
	context: Context<HttpEnv>,
	sources: readonly FileSource[],
	path: string,
): Promise<Response> {
	const file = await findFile(sources, path, MAKERS);
	// A script opened as a page, or run as a Worker, is under the same policy as the pages.
	return fileResponse(file, context.req.raw, {
		...pageHeaders(requestHost(context)),
		...SCRIPT_HEADERS,
	});
}
