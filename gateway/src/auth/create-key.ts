import { createApiKey } from "@easyremote/shared/security";
import type { KeyRecord, KeyRole, Store } from "../store/store.js";
import { hashKey } from "./key-hash.js";

/** What a key of each role may do where nothing else is said. */
export const ROLE_GRANTS: Readonly<Record<KeyRole, readonly string[]>> = {
	node: ["node:*"],
	client: ["call:*"],
	publisher: ["publish:*"],
	admin: ["admin", "call:*", "node:*", "publish:*"],
};

/** What a new key is to be. */
export interface NewKey {
	readonly role: KeyRole;
	readonly name?: string | undefined;
	/** Instead of the role's own. */
	readonly grants?: readonly string[] | undefined;
	/** ms since the epoch. */
	readonly expiresAt?: number | undefined;
}

/** Makes a key and stores what must be kept of it. The key itself is in the answer and nowhere else: show it once. */
export async function createKey(
	store: Store,
	wanted: NewKey,
	now: number,
): Promise<{ readonly key: string; readonly record: KeyRecord }> {
	const { key, id } = createApiKey();
	const record: KeyRecord = {
		id,
		hash: hashKey(key),
		role: wanted.role,
		name: wanted.name ?? "",
		grants: wanted.grants ?? ROLE_GRANTS[wanted.role],
		createdAt: now,
		...(wanted.expiresAt === undefined ? {} : { expiresAt: wanted.expiresAt }),
	};
	await store.keys.insert(record);
	return { key, record };
}
