/** Bytes as they are listed. */
export const bytes = (...values: number[]): Uint8Array =>
	Uint8Array.from(values);

/** A text's bytes. */
export const bytesOf = (text: string): Uint8Array =>
	new TextEncoder().encode(text);
