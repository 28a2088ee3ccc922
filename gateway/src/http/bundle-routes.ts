import { EasyRemoteError } from "@easyremote/shared/errors";
import { MAX_BUNDLE_BYTES } from "@easyremote/shared/protocol";
import { mayPublish } from "@easyremote/shared/security";
import { type Context, Hono } from "hono";
import type { Principal } from "../auth/principal.js";
import { visibleFunctions } from "../bundles/bundle-access.js";
import type { BundleCatalogue } from "../bundles/bundle-catalogue.js";
import { checkCode, checkSize } from "../bundles/check-code.js";
import {
	checkManifest,
	MAX_MANIFEST_BYTES,
} from "../bundles/check-manifest.js";
import { checkBundleName, checkBundleVersion } from "../bundles/check-place.js";
import type { ByteBudget } from "../limits/byte-budget.js";
import { fitListing } from "../limits/fit-listing.js";
import { readBody } from "./body-reader.js";
import { viewBundle } from "./bundle-view.js";
import type { HttpEnv } from "./http-env.js";
import { readPublishBody } from "./publish-body.js";

export interface BundleRoutesOptions {
	readonly authenticate: (context: Context<HttpEnv>) => Promise<Principal>;
	readonly bundles: BundleCatalogue;
	/** Where the memory of bodies comes from. */
	readonly bodies: ByteBudget;
	/** Most that the list says, bytes. */
	readonly maxListingBytes: number;
}

/** Code takes two bytes in JSON for a line break or a quote. */
const MAX_BODY_BYTES = 2 * MAX_BUNDLE_BYTES + MAX_MANIFEST_BYTES;

const VERSION_PATH = "/api/bundles/:name/:version";

const NOT_KEPT = { "cache-control": "no-store" };

/** `/api/bundles`: publishes, lists, and takes back. */
export function bundleRoutes(options: BundleRoutesOptions): Hono<HttpEnv> {
	const { authenticate, bundles, bodies, maxListingBytes } = options;
	const routes = new Hono<HttpEnv>();

	routes.get("/api/bundles", async (context) => {
		const principal = await authenticate(context);
		const list = [...bundles.all].flatMap((bundle) => {
			const functions = visibleFunctions(principal, bundle.manifest);
			return functions.length > 0
				? [viewBundle(bundle, functions, bundles.isNewest(bundle))]
				: [];
		});
		return context.json(
			{ bundles: fitListing(list, maxListingBytes) },
			200,
			NOT_KEPT,
		);
	});

	routes.put(VERSION_PATH, async (context) => {
		const name = checkBundleName(context.req.param("name"));
		const version = checkBundleVersion(context.req.param("version"));
		// Refused before the body is read.
		const principal = mustPublish(await authenticate(context), name);
		const share = bodies.open();
		try {
			const body = readPublishBody(
				await readBody(context, MAX_BODY_BYTES, share),
			);
			checkSize(body.code);
			const manifest = checkManifest(body.manifest, { name, version });
			checkCode(body.code, manifest);
			const { bundle, created } = await bundles.publish(
				manifest,
				body.code,
				principal.subject,
			);
			const view = viewBundle(
				bundle,
				bundle.manifest.functions,
				bundles.isNewest(bundle),
			);
			return context.json(view, created ? 201 : 200, NOT_KEPT);
		} finally {
			share.giveBack();
		}
	});

	routes.delete(VERSION_PATH, async (context) => {
		const name = checkBundleName(context.req.param("name"));
		const version = checkBundleVersion(context.req.param("version"));
		mustPublish(await authenticate(context), name);
		await bundles.unpublish(name, version);
		return context.body(null, 204);
	});

	routes.delete("/api/bundles/:name", async (context) => {
		const name = checkBundleName(context.req.param("name"));
		mustPublish(await authenticate(context), name);
		await bundles.unpublish(name, undefined);
		return context.body(null, 204);
	});
	return routes;
}

function mustPublish(principal: Principal, name: string): Principal {
	if (mayPublish(principal.grants, name)) return principal;
	throw principal.anonymous
		? new EasyRemoteError(
				"UNAUTHENTICATED",
				`publishing ${name} takes a credential`,
				{
					hint: "Use an API key with the role publisher.",
				},
			)
		: new EasyRemoteError(
				"PERMISSION_DENIED",
				`${principal.subject} may not publish ${name}`,
				{
					hint: `Use a key with a grant such as publish:${name}.`,
				},
			);
}
