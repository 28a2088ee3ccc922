import type { BundleManifest } from "@easyremote/shared/protocol";

/** One published version of a bundle, without its code. */
export interface BundleRecord {
	readonly manifest: BundleManifest;
	/** Who published it, for people. */
	readonly publisher: string;
	/** ms since the epoch. */
	readonly publishedAt: number;
}

/** What is published. What a method has resolved for is durable. */
export interface BundleStore {
	/**
	 * Adds a version with its code, which is kept once however many versions share it. Throws ALREADY_EXISTS if there is
	 * such a version, whatever its content: a version never changes.
	 */
	insert(bundle: BundleRecord, code: Uint8Array): Promise<void>;
	/** All there are, in the order in which they were published. */
	list(): Promise<readonly BundleRecord[]>;
	/** The code of that SHA-256; undefined if no version has it. */
	code(sha256: string): Promise<Uint8Array | undefined>;
	/** Removes a version, or all of them, with the code that is nobody's then. Answers how many are gone. */
	remove(name: string, version: string | undefined): Promise<number>;
}
