import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import type { PublishedBundle } from "../bundles/published-bundle.js";

/** A bundle as `GET /api/bundles` shows it, with those of its functions. */
export function viewBundle(
	{ manifest, publisher, publishedAt }: PublishedBundle,
	functions: FunctionDescriptor[],
	newest: boolean,
) {
	return {
		...manifest,
		publisher,
		publishedAt: new Date(publishedAt).toISOString(),
		newest,
		functions,
	};
}
