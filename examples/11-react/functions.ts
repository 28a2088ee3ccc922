import { setImmediate as breathe } from "node:timers/promises";
import { define } from "@easyremote/shared";
import { z } from "zod";

/** The prime factors of a number, smallest first. Tells how far it is, and stops when it is cancelled. */
export const factors = define(
	{
		description: "Prime factors of a whole number",
		input: [z.number().int().min(2).max(Number.MAX_SAFE_INTEGER)],
	},
	async (call, number) => {
		const found: number[] = [];
		let rest = number;
		for (let divisor = 2; divisor * divisor <= rest; divisor += 1) {
			while (rest % divisor === 0) {
				found.push(divisor);
				rest /= divisor;
			}
			if (divisor % 500_000 > 0) continue;
			call.progress(divisor / Math.sqrt(rest));
			await breathe();
			call.signal.throwIfAborted();
		}
		return [...found, rest].filter((factor) => factor > 1);
	},
);

/** Primes from a number on, as long as somebody reads them. */
export async function* primes(from: number): AsyncGenerator<number> {
	for (let n = Math.max(from, 2); ; n += 1) {
		if ((await factors(n)).length === 1) yield n;
	}
}
