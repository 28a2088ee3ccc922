import { EasyRemoteError } from "@easyremote/shared/errors";
import type { BundleManifest } from "@easyremote/shared/protocol";
import type { BundleRecord, BundleStore } from "./bundle-store.js";

/** Published bundles that live as long as their process. */
export function createMemoryBundleStore(): BundleStore {
	const bundles = new Map<string, BundleRecord>();
	const codes = new Map<string, Uint8Array>();

	return {
		async insert(bundle, code) {
			const { manifest } = bundle;
			const key = keyOf(manifest);
			if (bundles.has(key)) throw versionTaken(manifest);
			bundles.set(key, bundle);
			codes.set(manifest.sha256, code);
		},
		async list() {
			return [...bundles.values()];
		},
		async code(sha256) {
			return codes.get(sha256);
		},
		async remove(name, version) {
			const before = bundles.size;
			for (const [key, { manifest }] of bundles)
				if (
					manifest.name === name &&
					manifest.version === (version ?? manifest.version)
				)
					bundles.delete(key);
			const used = new Set(
				[...bundles.values()].map(({ manifest }) => manifest.sha256),
			);
			for (const sha256 of codes.keys())
				if (!used.has(sha256)) codes.delete(sha256);
			return before - bundles.size;
		},
	};
}

/** What publishing a version that is there already is refused with. */
export function versionTaken({
	name,
	version,
}: Pick<BundleManifest, "name" | "version">): EasyRemoteError {
	return new EasyRemoteError(
		"ALREADY_EXISTS",
		`${name}@${version} is published already, with other content`,
		{
			hint: "A version never changes: publish under another one, or unpublish it first.",
		},
	);
}

function keyOf({ name, version }: BundleManifest): string {
	return `${name}@${version}`;
}
