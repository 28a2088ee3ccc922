/**
 * What crosses the bridge between a data channel that has to stay on the page and the Worker that uses it.
 * Strings and ArrayBuffers are messages of the channel; these are about it.
 */
export type BridgeNews =
	| { readonly type: "open" }
	| { readonly type: "closed" }
	/** Bytes that have left the page since the beginning. */
	| { readonly type: "left"; readonly bytes: number };

/** The Worker asks for the end. */
export interface BridgeClose {
	readonly type: "close";
}
