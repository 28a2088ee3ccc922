import { EasyRemoteError } from "@easyremote/shared/errors";
import { systemClock } from "@easyremote/shared/time";
import pino from "pino";
import { ANONYMOUS, type Principal } from "../../auth/principal.js";
import { BundleCatalogue } from "../../bundles/bundle-catalogue.js";
import {
	type BundleFields,
	bundleOf,
} from "../../bundles/testing/bundle-of.js";
import { DEFAULT_LIMITS } from "../../config/gateway-limits.js";
import { principal } from "../../socket/testing/test-gateway.js";
import { createMemoryStore } from "../../store/memory-store.js";
import { scriptedApp } from "./scripted-app.js";

const known: Readonly<Record<string, Principal>> = {
	publisher: principal("publisher", "publish:*"),
	images: principal("images", "publish:image-*"),
	caller: principal("caller", "call:mandelbrot/tile"),
	nobody: ANONYMOUS,
};

/** An app where bundles can be published, and short ways to use it. Credentials are the names of those known. */
export function bundleApp({ keepsBundles = true, limits = {} } = {}) {
	const bundles = new BundleCatalogue({
		store: keepsBundles ? createMemoryStore().bundles : undefined,
		limits: { ...DEFAULT_LIMITS, ...limits },
		clock: systemClock,
		log: pino({ level: "silent" }),
	});
	const scripted = scriptedApp(
		{},
		{
			bundles,
			authenticate: async (key = "nobody") => {
				const found = known[key];
				if (found) return found;
				throw new EasyRemoteError("UNAUTHENTICATED", "not valid");
			},
		},
	);
	const ask = (
		method: string,
		path: string,
		as = "publisher",
		body?: unknown,
	) =>
		scripted.app.request(path, {
			method,
			headers: { authorization: `Bearer ${as}` },
			...(body === undefined
				? {}
				: { body: typeof body === "string" ? body : JSON.stringify(body) }),
		});
	return {
		close: scripted.close,
		bundles,
		ask,
		/** As a browser asks for something to use it as that. */
		askAs: (path: string, destination: string) =>
			scripted.app.request(path, {
				headers: { "sec-fetch-dest": destination },
			}),
		publish(fields: BundleFields = {}, as = "publisher") {
			const bundle = bundleOf(fields);
			const { name, version } = bundle.manifest;
			return ask("PUT", `/api/bundles/${name}/${version}`, as, bundle);
		},
		async list(as = "publisher") {
			const response = await ask("GET", "/api/bundles", as);
			const { bundles: listed } = (await response.json()) as {
				bundles: Record<string, unknown>[];
			};
			return listed;
		},
	};
}
