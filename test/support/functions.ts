// What the nodes of the end-to-end tests serve, in Node and in tabs alike: no imports here.

/** Gives back what it got. */
export const echo = (value: unknown): unknown => value;

export const add = (a: number, b: number): number => a + b;

/** Counts up to a number, one item each. */
export async function* count(to: number): AsyncGenerator<number> {
	for (let n = 1; n <= to; n += 1) yield n;
}

/** Never answers by itself. */
export const hang = (): Promise<never> => new Promise(() => {});

/** Answers after a while, ms. */
export const later = (ms: number): Promise<string> =>
	new Promise((resolve) => {
		setTimeout(() => resolve("done"), ms);
	});

/** Throws what user code throws. */
export function fail(message: string): never {
	throw new TypeError(message);
}

/** Takes a stream and adds it up. */
export async function sum(values: AsyncIterable<number>): Promise<number> {
	let total = 0;
	for await (const value of values) total += value;
	return total;
}
