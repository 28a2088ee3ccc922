import { EasyRemoteError } from "@easyremote/shared/errors";
import { Hono } from "hono";
import type { BundleCatalogue } from "../bundles/bundle-catalogue.js";
import { fileResponse } from "./file-response.js";
import type { HttpEnv } from "./http-env.js";

/**
 * `GET /bundles/{sha256}.js`: the code of a bundle, for donors, who need no more than its hash. It is somebody else's, and
 * comes from the same origin as our pages: so it is there for `fetch` to read, and no browser runs it from here.
 */
export function bundleCodeRoutes(bundles: BundleCatalogue): Hono<HttpEnv> {
	const routes = new Hono<HttpEnv>();
	routes.get("/bundles/:file", async (context) => {
		const { 1: sha256 } =
			/^([0-9a-f]{64})\.js$/.exec(context.req.param("file")) ?? [];
		const wantedAs = context.req.header("sec-fetch-dest");
		if (wantedAs !== undefined && !READ_ONLY.has(wantedAs))
			throw new EasyRemoteError(
				"PERMISSION_DENIED",
				"the code of a bundle is not run from here",
				{
					hint: "Read it by fetch, and run it in the sandbox.",
				},
			);
		const code = sha256 === undefined ? undefined : await bundles.code(sha256);
		if (!code)
			throw new EasyRemoteError(
				"NOT_FOUND",
				"nothing that is published has this code",
				{
					hint: "GET /api/bundles lists what is.",
				},
			);
		const type = "text/javascript; charset=utf-8";
		const file = {
			bytes: new Uint8Array(code),
			type,
			etag: `"${sha256}"`,
			immutable: true,
		};
		return fileResponse(file, context.req.raw, HEADERS);
	});
	return routes;
}

/** Destinations of the Fetch standard that do not run what comes: `fetch` itself, and a page, which shows it as text. */
const READ_ONLY: ReadonlySet<string> = new Set(["empty", "document"]);

const HEADERS = {
	"access-control-allow-origin": "*",
	"cross-origin-resource-policy": "cross-origin",
	"content-security-policy":
		"default-src 'none'; sandbox; frame-ancestors 'none'",
	"referrer-policy": "no-referrer",
	vary: "Sec-Fetch-Dest",
};
