import type { ValueFormat } from "@easyremote/shared/codec";

/** An answer to calls that are alike, as it is kept. */
export interface StoredAnswer {
	/** Digest of what those calls have in common. */
	readonly key: string;
	/** Absent is the value undefined. Without attachments: those are for large answers, which are not stored. */
	readonly value:
		| { readonly format: ValueFormat; readonly body: Uint8Array }
		| undefined;
	/** How long the function took for it, ms. */
	readonly runMs: number;
	/** From when on it may not be given any more, ms since the epoch. */
	readonly expiresAt: number;
}

/** Answers that outlive the process. Nobody was promised them: what is lost is made anew. */
export interface AnswerStore {
	/** The answer under this key, unless it has expired at `at`. */
	read(key: string, at: number): Promise<StoredAnswer | undefined>;
	/**
	 * Puts answers in the place of former ones. Lets go of what has expired at `at`, and then of those that expire
	 * soonest, until the rest is at most `maxBytes`.
	 */
	write(
		answers: readonly StoredAnswer[],
		limits: { readonly at: number; readonly maxBytes: number },
	): Promise<void>;
}
