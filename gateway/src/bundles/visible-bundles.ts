import type { BundleManifest } from "@easyremote/shared/protocol";
import type { Principal } from "../auth/principal.js";
import { visibleFunctions } from "./bundle-access.js";
import type { BundleCatalogue } from "./bundle-catalogue.js";

/** The newest version of a bundle, with those of its functions that somebody may see, by their own names. */
export type VisibleBundle = Pick<
	BundleManifest,
	"name" | "version" | "functions"
>;

/** What a principal may call without naming a version. */
export function visibleBundles(
	bundles: BundleCatalogue,
	principal: Principal,
): readonly VisibleBundle[] {
	return [...bundles.all].flatMap((bundle) => {
		const { name, version } = bundle.manifest;
		const functions = visibleFunctions(principal, bundle.manifest);
		return functions.length > 0 && bundles.isNewest(bundle)
			? [{ name, version, functions }]
			: [];
	});
}
