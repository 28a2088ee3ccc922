import { LRUCache } from "lru-cache";
import type { Clock } from "../time/clock.js";
import type { CacheLimits } from "./cache-limits.js";
import { answerBytes, type KeptAnswer, ownValue } from "./kept-answer.js";

/** Answers by key, in memory: bounded by number and bytes, each until it expires. Expiry is the injected clock's. */
export class AnswerCache<T extends KeptAnswer = KeptAnswer> {
	readonly #limits: CacheLimits;
	readonly #clock: Clock;
	// A library, since evicting by use and size together is easily got wrong.
	readonly #answers: LRUCache<string, T>;

	constructor(limits: CacheLimits, clock: Clock) {
		this.#limits = limits;
		this.#clock = clock;
		this.#answers = new LRUCache<string, T>({
			max: limits.maxEntries,
			maxSize: limits.maxBytes,
			sizeCalculation: ({ value }) => answerBytes(value),
		});
	}

	/** Answers kept now, expired ones that nobody has asked for included. */
	get size(): number {
		return this.#answers.size;
	}

	/** Bytes that they take. */
	get bytes(): number {
		return this.#answers.calculatedSize;
	}

	/** The answer under this key, unless it has expired. */
	get(key: string): T | undefined {
		const answer = this.#answers.get(key);
		if (answer && answer.expiresAt <= this.#clock.monotonic()) {
			this.#answers.delete(key);
			return undefined;
		}
		return answer;
	}

	/** Keeps a copy of an answer in place of the former one; false if it is too large, which then leaves nothing. */
	put(key: string, answer: T): boolean {
		const bytes = answerBytes(answer.value);
		const { maxAnswerBytes, maxBytes } = this.#limits;
		if (bytes > maxAnswerBytes || bytes > maxBytes) {
			this.#answers.delete(key);
			return false;
		}
		// Not of one that is too large: copying it to throw it away would cost time.
		this.#answers.set(key, { ...answer, value: ownValue(answer.value) });
		return true;
	}

	clear(): void {
		this.#answers.clear();
	}
}
