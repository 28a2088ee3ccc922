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
	const codes = new Map([[sha256, bytes]]);
	let count = 1;
	for (const { manifest } of bundles) {
		codes.set(manifest.sha256, manifest.bytes);
		count += 1;
	}
	let total = 0;
	for (const size of codes.values()) total += size;
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
