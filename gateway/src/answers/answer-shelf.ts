import { AnswerCache } from "@easyremote/shared/cache";
import type { KnownAnswer } from "@easyremote/shared/caller";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { AnswerStore, StoredAnswer } from "../store/answer-store.js";

/** Answers are written together, so long after the first of them, ms: nobody is promised that they outlive a crash. */
const WRITE_DELAY_MS = 1_000;
/** What is fresh for less is not worth the write, ms. */
const LEAST_STORED_MS = 5_000;

export interface AnswerShelfOptions {
	/** Where they outlive the process, if anywhere. */
	readonly store: AnswerStore | undefined;
	readonly limits: Pick<
		GatewayLimits,
		| "maxKeptAnswers"
		| "maxKeptBytes"
		| "maxKeptAnswerBytes"
		| "maxStoredAnswerBytes"
		| "maxStoredBytes"
	>;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Answers by key: in memory, and behind it those that are small and fresh for long in the store. */
export class AnswerShelf {
	readonly #options: AnswerShelfOptions;
	readonly #memory: AnswerCache;
	/** To be written next. */
	readonly #unwritten = new Map<string, StoredAnswer>();
	#cancelWrite: CancelTimer | undefined;

	constructor(options: AnswerShelfOptions) {
		const { limits, clock } = options;
		this.#options = options;
		this.#memory = new AnswerCache(
			{
				maxEntries: limits.maxKeptAnswers,
				maxBytes: limits.maxKeptBytes,
				maxAnswerBytes: limits.maxKeptAnswerBytes,
			},
			clock,
		);
	}

	/** Answers in memory now, and their bytes. */
	get figures(): { readonly answers: number; readonly bytes: number } {
		return { answers: this.#memory.size, bytes: this.#memory.bytes };
	}

	/** The answer under a key, unless it has expired. Never rejects: a store that fails has nothing. */
	async get(key: string): Promise<KnownAnswer | undefined> {
		return this.#remembered(key) ?? (await this.#stored(key));
	}

	/** Writes what is to be kept. Never rejects. */
	close(): Promise<void> {
		return this.#write();
	}

	#remembered(key: string): KnownAnswer | undefined {
		const kept = this.#memory.get(key);
		if (!kept) return undefined;
		const { value, runMs, expiresAt } = kept;
		const freshMs = expiresAt - this.#options.clock.monotonic();
		return { value, runMs, freshMs };
	}

	/** An answer from before a restart, or one there was no room for in memory. A store that fails keeps nothing. */
	async #stored(key: string): Promise<KnownAnswer | undefined> {
		const { store, clock, log } = this.#options;
		const now = clock.now();
		try {
			const found = this.#unwritten.get(key) ?? (await store?.read(key, now));
			if (!found || found.expiresAt <= now) return undefined;
			const { runMs, expiresAt } = found;
			const value = found.value && { ...found.value, attachments: [] };
			const answer = { value, runMs, freshMs: expiresAt - now };
			this.#remember(key, answer);
			return answer;
		} catch (error) {
			log.warn({ err: error }, "a kept answer could not be read");
			return undefined;
		}
	}

	#remember(key: string, { value, runMs, freshMs }: KnownAnswer): boolean {
		const expiresAt = this.#options.clock.monotonic() + freshMs;
		return this.#memory.put(key, { value, runMs, expiresAt });
	}

	/**
	 * Keeps an answer.
	 *
	 * @param replaces there is a former answer, which must not come back where this one is not written
	 */
	put(key: string, answer: KnownAnswer, replaces: boolean): void {
		this.#remember(key, answer);
		const { store, clock } = this.#options;
		if (!store) return;
		const { value, runMs, freshMs } = answer;
		if (this.#isWorthWriting(answer)) {
			this.#unwritten.set(key, {
				key,
				value: value && { format: value.format, body: value.body.slice() },
				runMs,
				expiresAt: clock.now() + freshMs,
			});
		} else if (replaces) this.#unwritten.set(key, expired(key));
		else return;
		this.#cancelWrite ??= clock.schedule(
			WRITE_DELAY_MS,
			() => void this.#write(),
		);
	}

	#isWorthWriting({ value, freshMs }: KnownAnswer): boolean {
		const { maxStoredAnswerBytes } = this.#options.limits;
		const small =
			!value ||
			(value.attachments.length === 0 &&
				value.body.length <= maxStoredAnswerBytes);
		return small && freshMs >= LEAST_STORED_MS;
	}

	async #write(): Promise<void> {
		const { store, limits, clock, log } = this.#options;
		this.#cancelWrite?.();
		this.#cancelWrite = undefined;
		const answers = [...this.#unwritten.values()];
		if (!store || answers.length === 0) return;
		try {
			await store.write(answers, {
				at: clock.now(),
				maxBytes: limits.maxStoredBytes,
			});
		} catch (error) {
			log.warn({ err: error }, "answers could not be written");
		}
		for (const answer of answers)
			if (this.#unwritten.get(answer.key) === answer)
				this.#unwritten.delete(answer.key);
	}
}

/** In the place of an answer that is void. */
function expired(key: string): StoredAnswer {
	return { key, value: undefined, runMs: 0, expiresAt: 0 };
}
