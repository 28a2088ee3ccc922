import type { Call } from "../call.js";
import type { RoomyNode } from "./node-windows.js";

/** One call of an item at one node. */
export interface Copy {
	readonly call: Call<unknown>;
	readonly node: RoomyNode;
	readonly sentAtMs: number;
}

/** One item on its way. */
export interface MapItem {
	readonly index: number;
	readonly input: unknown;
	/** When it was taken from the source; its time limit counts from there, ms. */
	readonly takenAtMs: number;
	/** Calls running for it: two for a straggler. */
	readonly copies: Copy[];
	/** It has been started at a second node, which happens once. */
	doubled: boolean;
}
