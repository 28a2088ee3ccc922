import { EasyRemoteError } from "@easyremote/shared/errors";
import type { BundleManifest } from "@easyremote/shared/protocol";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { PublishedBundle } from "./published-bundle.js";

/** Throws RESOURCE_EXHAUSTED if one more version is more than the gateway may keep. */
export function checkRoom(
	bundles: Iterable<PublishedBundle>,
	{ sha256, bytes }: BundleManifest,
	{
		maxBundles,
		maxBundleBytes,
	}: Pick<GatewayLimits, "maxBundles" | "maxBundleBytes">,
): void {
	const manifests = [...bundles].map(({ manifest }) => manifest);
	const count = manifests.length + 1;
	const total = codeBytes([...manifests, { sha256, bytes }]);
	if (count > maxBundles)
		throw full(
			`${maxBundles} versions of bundles are published`,
			"maxBundles",
			maxBundles,
		);
	if (total > maxBundleBytes)
		throw full(
			`the code of all bundles may take ${maxBundleBytes} bytes`,
			"maxBundleBytes",
			maxBundleBytes,
		);
}

/** What the code of several versions takes in all, bytes: what they share counts once. */
export function codeBytes(
	manifests: Iterable<Pick<BundleManifest, "sha256" | "bytes">>,
): number {
	const sizes = new Map<string, number>();
	for (const { sha256, bytes } of manifests) sizes.set(sha256, bytes);
	return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function full(message: string, name: string, limit: number): EasyRemoteError {
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		`${message}: there is no room for another`,
		{
			hint: `Unpublish old versions, or raise limits.${name}.`,
			details: { limit },
			retryable: false,
		},
	);
}
