// What typed calls are tested with: a module as users write one. Only its types are used.
import { define } from "@easyremote/shared";
import { z } from "zod";

export const add = (a: number, b: number): number => a + b;

export const greet = (name: string, greeting = "Hello"): string =>
	`${greeting}, ${name}`;

/** A stream. */
export async function* tokens(prompt: string): AsyncGenerator<string> {
	yield* prompt.split(" ");
}

/** Its arguments have the types of the schemas. */
export const resize = define(
	{ input: [z.instanceof(Uint8Array), z.object({ width: z.number() })] },
	(_call, image, { width }) => image.slice(0, width),
);

/** No function. */
export const version = "1.0";
