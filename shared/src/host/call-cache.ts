import { AnswerCache } from "../cache/answer-cache.js";
import { callDigest, canDigest } from "../cache/call-digest.js";
import type { CacheLimits } from "../cache/cache-limits.js";
import type { KeptAnswer } from "../cache/kept-answer.js";
import type { EncodedValue } from "../codec/encoded-value.js";
import type { FunctionEntry } from "../functions/function-entry.js";
import type { CallMessageOf } from "../protocol/call-messages.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import type { AcceptCall } from "../session/call-end.js";
import type { Clock } from "../time/clock.js";
import { type Follower, SharedRun } from "./shared-run.js";

/** A call that may be answered from the cache. */
export interface CacheableCall {
	readonly header: CallMessageOf<"function_call">;
	readonly value: EncodedValue | undefined;
	readonly entry: FunctionEntry;
	readonly caller: CallerIdentity;
}

/** Whoever asks the cache. */
export interface Asker extends Follower {
	/** The call is over: it wants nothing any more. */
	readonly over: boolean;
	/** Here is an answer from before, fresh for this long, ms. */
	give(answer: KeptAnswer, freshMs: number): void;
	/** The function runs for it, or for it and others. */
	follow(run: SharedRun): void;
}

export interface CallCacheOptions {
	readonly limits: CacheLimits;
	readonly clock: Clock;
	/** Begins a call that runs the function. */
	readonly accept: (caller: CallerIdentity) => AcceptCall;
}

/**
 * The answers of functions that ask for it (`cache: { ttl }`), each kept for equal calls of the same principal: same
 * registration of the function, same version, same arguments byte for byte, same format of the answer. Equal calls
 * at the same time share one run. Failures are told to all who waited for them, and not kept; nor are streams.
 */
export class CallCache {
	readonly #options: CallCacheOptions;
	readonly #answers: AnswerCache;
	readonly #runs = new Map<string, SharedRun>();
	/** Found out to give streams without being written as generators. */
	readonly #streaming = new WeakSet<FunctionEntry>();
	readonly #registrations = new WeakMap<FunctionEntry, number>();
	#registered = 0;

	constructor(options: CallCacheOptions) {
		this.#options = options;
		this.#answers = new AnswerCache(options.limits, options.clock);
	}

	/** Whether a call's answer may come from here at all. */
	takes(header: CallMessageOf<"function_call">, entry: FunctionEntry): boolean {
		return (
			entry.descriptor.cacheTtlMs !== undefined &&
			!entry.stream &&
			header.inputs === undefined &&
			!this.#streaming.has(entry) &&
			canDigest()
		);
	}

	/** Answers a call, now or when its function has run. Rejects only if its digest cannot be made. */
	async serve(asker: Asker, call: CacheableCall): Promise<void> {
		const key = await this.#keyOf(call);
		if (asker.over) return;
		// Who wants no answer from before wants none of a run begun before either; the new one replaces what is kept.
		const fresh = call.header.cache === false;
		if (!fresh) {
			const kept = this.#answers.get(key);
			if (kept) {
				const nowMs = this.#options.clock.monotonic();
				asker.give(kept, kept.expiresAt - nowMs);
				return;
			}
			const running = this.#runs.get(key);
			if (running) {
				asker.follow(running);
				running.join(asker);
				return;
			}
		}
		this.#run(key, asker, call, !fresh);
	}

	#run(
		key: string,
		asker: Asker,
		{ header, value, entry, caller }: CacheableCall,
		shared: boolean,
	): void {
		const run = new SharedRun(asker, this.#options.accept(caller), {
			answered: (answer, runMs) => this.#keep(key, entry, answer, runMs),
			streams: () => {
				this.#streaming.add(entry);
				if (shared) this.#runs.delete(key);
			},
			over: () => {
				if (this.#runs.get(key) === run) this.#runs.delete(key);
			},
		});
		if (shared) this.#runs.set(key, run);
		asker.follow(run);
		run.begin(header, value);
	}

	#keep(
		key: string,
		{ descriptor: { cacheTtlMs: ttlMs = 0 } }: FunctionEntry,
		value: EncodedValue | undefined,
		runMs: number,
	): number {
		const expiresAt = this.#options.clock.monotonic() + ttlMs;
		return this.#answers.put(key, { value, expiresAt, runMs }) ? ttlMs : 0;
	}

	#keyOf({ header, value, entry, caller }: CacheableCall): Promise<string> {
		const { name, descriptor } = entry;
		return callDigest({
			callee: [name, descriptor.version, this.#registrationOf(entry)],
			caller,
			args: value,
			named: header.named === true,
			accept: header.accept,
		});
	}

	/** Numbers registrations: a function taken out and registered anew may do something else. */
	#registrationOf(entry: FunctionEntry): number {
		let number = this.#registrations.get(entry);
		if (number === undefined) {
			this.#registered += 1;
			number = this.#registered;
			this.#registrations.set(entry, number);
		}
		return number;
	}
}
