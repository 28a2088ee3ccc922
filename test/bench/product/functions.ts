// What the benchmark's node offers.
let last: Uint8Array = new Uint8Array(0);

/** The tiny call. */
export const tiny = (bytes: Uint8Array): Uint8Array => bytes;

/** Keeps an upload. */
export function keep(bytes: Uint8Array): number {
	last = bytes;
	return bytes.length;
}

/** Gives the upload back. */
export const kept = (): Uint8Array => last;

/** Gives back whatever it is given: the call that is measured over REST. */
export const same = (value: unknown): unknown => value;

/** Counts up from 0, one item each. */
export async function* numbers(count: number): AsyncGenerator<number> {
	for (let n = 0; n < count; n += 1) yield n;
}
