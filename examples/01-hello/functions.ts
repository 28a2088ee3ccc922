/** Adds two numbers. */
export const add = (a: number, b: number) => a + b;

/** A generator is a stream. */
export async function* tokens(text: string) {
	for (const word of text.split(" ")) yield word;
}
