/** One way to reach a far end: what is measured of each contender. */
export interface LoadDriver {
	/** A tiny call there and back. */
	call(): Promise<void>;
	/** Settles when the far end holds all of it. */
	upload(bytes: Uint8Array): Promise<void>;
	/** Fetches what was uploaded last. */
	download(): Promise<Uint8Array>;
}

/** Payload of a tiny call, bytes. */
export const CALL_BYTES = 100;
