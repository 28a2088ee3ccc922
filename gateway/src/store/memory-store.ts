import { EasyRemoteError } from "@easyremote/shared/errors";
import { createMemoryBundleStore } from "./memory-bundle-store.js";
import { createMemoryJobStore } from "./memory-job-store.js";
import type { KeyRecord, Store } from "./store.js";

/** A store that lives as long as its process: for tests and for gateways without a data folder. */
export function createMemoryStore(): Store {
	const keys = new Map<string, KeyRecord>();
	const owners = new Map<string, string>();
	let writes = 0;

	return {
		keys: {
			async insert(key) {
				if (keys.has(key.id)) throw duplicateKey(key.id);
				keys.set(key.id, key);
				writes += 1;
			},
			async list() {
				return [...keys.values()];
			},
			async revoke(id, at) {
				const key = keys.get(id);
				if (!key) return false;
				keys.set(id, { ...key, revokedAt: key.revokedAt ?? at });
				writes += 1;
				return true;
			},
		},
		identities: {
			async bind(nodeId, owner) {
				const known = owners.get(nodeId);
				if (known !== undefined) return known;
				owners.set(nodeId, owner);
				writes += 1;
				return owner;
			},
		},
		jobs: createMemoryJobStore(),
		bundles: createMemoryBundleStore(),
		async version() {
			return String(writes);
		},
		async close() {
			// Nothing is held.
		},
	};
}

/** What inserting a key under a taken id is refused with. */
export function duplicateKey(id: string): EasyRemoteError {
	return new EasyRemoteError(
		"ALREADY_EXISTS",
		`a key with the id ${id} exists already`,
		{
			hint: "Create the key again: its id is drawn at random.",
		},
	);
}
