import type { StoredRecord } from "../trust/donor-record.js";

/** One donor as it is kept. */
export interface StoredDonor {
	/** Thumbprint of its key. */
	readonly id: string;
	/** What was found of its results. */
	readonly record: StoredRecord;
	/** Time its functions ran, ms. */
	readonly cpuMs: number;
	/** Results that were found valid. */
	readonly validated: number;
}

/** What is known of donors, by their keys. */
export interface DonorStore {
	/** At most so many, the one heard of last at the end. */
	list(most: number): Promise<readonly StoredDonor[]>;
	/** Puts donors in the place of what was known of them at `at`, and keeps those `keep` heard of last. */
	write(
		donors: readonly StoredDonor[],
		options: { readonly at: number; readonly keep: number },
	): Promise<void>;
}
