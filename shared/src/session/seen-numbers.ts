import { EasyRemoteError } from "../errors/easyremote-error.js";

/** Numbers that may be skipped and still come (on the slower of two paths). */
const MOST_HOLES = 10_000;

/**
 * Remembers which call numbers the far end has used, in constant space: numbers are given out in
 * order, and only those skipped so far are kept. It is what makes a call run at most once,
 * whichever path brings its first frame, and however often.
 */
export class SeenNumbers {
	#next: number;
	readonly #holes = new Set<number>();

	/** @param first the smallest number the far end may use; it uses every second one from there */
	constructor(first: number) {
		this.#next = first;
	}

	has(number: number): boolean {
		return number < this.#next && !this.#holes.has(number);
	}

	/** Whether the far end may use this number at all. */
	allows(number: number): boolean {
		return number >= 1 && number % 2 === this.#next % 2;
	}

	/** @throws INVALID_ARGUMENT when the far end skips more numbers than two paths can explain */
	add(number: number): void {
		if (this.#holes.delete(number)) return;
		if ((number - this.#next) / 2 + this.#holes.size > MOST_HOLES) {
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				`call number ${number} skips too many before it`,
			);
		}
		for (; this.#next < number; this.#next += 2) this.#holes.add(this.#next);
		this.#next = number + 2;
	}
}
