import { createMemoryStore } from "./memory-store.js";
import { openSqliteStore } from "./sqlite-store.js";
import type { Store } from "./store.js";

/** A store, and whether whoever opened it is to close it. */
export interface OpenedStore {
	readonly store: Store;
	readonly owned: boolean;
}

/** The store that the options ask for: a folder's, the user's own, or one in memory. Throws as `openSqliteStore` does. */
export function openStore(
	wanted: Store | { readonly path: string } | undefined,
): OpenedStore {
	if (wanted === undefined) return { store: createMemoryStore(), owned: true };
	if ("path" in wanted)
		return { store: openSqliteStore(wanted.path), owned: true };
	return { store: wanted, owned: false };
}
