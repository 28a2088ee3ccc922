import type { Standing } from "../trust/donor-record.js";
import type { NodeEntry } from "./node-entry.js";
import type { PublishedFunctions } from "./published-functions.js";

/** What a donor is to a principal. */
export type TrustOf = (principalId: string, donorId: string) => Standing;

/** Where nobody has found anything. */
export const NOTHING_FOUND: TrustOf = () => ({
	validInRow: 0,
	quarantined: false,
});

/** All that queries are answered from. */
export interface Inventory {
	readonly nodes: ReadonlyMap<string, NodeEntry>;
	readonly published: PublishedFunctions;
	readonly trustOf: TrustOf;
	/** On the clock that nodes' health is measured by, ms. */
	readonly nowMs: number;
}
