import type { JobStore } from "./job-store.js";
import type { AnswerStore } from "./answer-store.js";
import type { BundleStore } from "./bundle-store.js";
import type { DonorStore } from "./donor-store.js";

/** What an API key is for; it decides the grants of a key created without any. */
export const KEY_ROLES = ["node", "client", "publisher", "admin"] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** One API key as it is kept: everything but the key itself, of which only the SHA-256 is stored. */
export interface KeyRecord {
	/** The 8 characters between `er_` and the secret: names the key, is no secret. */
	readonly id: string;
	/** SHA-256 of the whole key, lower-case hex. */
	readonly hash: string;
	readonly role: KeyRole;
	/** A human's word for it; may be empty. */
	readonly name: string;
	readonly grants: readonly string[];
	/** ms since the epoch. */
	readonly createdAt: number;
	/** From when on it is refused, ms since the epoch; absent is never. */
	readonly expiresAt?: number | undefined;
	/** Since when it is refused, ms since the epoch; absent is not revoked. */
	readonly revokedAt?: number | undefined;
}

/** The API keys of a gateway. Revoked ones stay listed. */
export interface KeyStore {
	/** Adds a key. Throws ALREADY_EXISTS if the id is taken. */
	insert(key: KeyRecord): Promise<void>;
	/** All keys, oldest first. */
	list(): Promise<readonly KeyRecord[]>;
	/** Marks a key as revoked; false if there is none of that id. Revoking twice keeps the first time. */
	revoke(id: string, at: number): Promise<boolean>;
}

/** Which principal a node id belongs to: the first that used it. */
export interface IdentityStore {
	/** Binds `nodeId` to `owner` if it is free, in one step. Answers the owner it has from then on. */
	bind(nodeId: string, owner: string, at: number): Promise<string>;
}

/**
 * What a gateway remembers across restarts. Asynchronous, so that several gateways can share one later.
 * What was answered is durable. Methods throw UNAVAILABLE when the store cannot be read or written.
 */
export interface Store {
	readonly keys: KeyStore;
	readonly identities: IdentityStore;
	/** Asynchronous calls, and those with an idempotency key. */
	readonly jobs: JobStore;
	/** Answers of functions that keep them; absent, they are kept in memory only. */
	readonly answers?: AnswerStore | undefined;
	/** Published bundles; absent, nothing can be published. */
	readonly bundles?: BundleStore | undefined;
	/** What is known of donors; absent, it is kept in memory only. */
	readonly donors?: DonorStore | undefined;
	/** Cheap to ask: differs from the last answer if anybody, in this process or another, has written since. */
	version(): Promise<string>;
	/** Lets go of files. Calling it twice does nothing. */
	close(): Promise<void>;
}
