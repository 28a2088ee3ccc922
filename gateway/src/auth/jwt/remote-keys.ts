import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Clock } from "@easyremote/shared/time";
import {
	createLocalJWKSet,
	errors,
	type JSONWebKeySet,
	type JWTVerifyGetKey,
} from "jose";
import type { Logger } from "pino";
import { type FetchKeySet, fetchKeySet } from "./fetch-key-set.js";
import type { TokenKeys } from "./token-keys.js";

/** Keys older than this are fetched anew, in the background, ms: how soon a key withdrawn by its issuer is void. */
const FRESH_MS = 5 * 60_000;
/** Keys that could not be fetched anew for this long are given up, ms. */
const USABLE_MS = 60 * 60_000;
/** The issuer is not asked again sooner, whatever tokens strangers send, and whether it answered or not, ms. */
const COOL_DOWN_MS = 10_000;

export interface RemoteKeysOptions {
	readonly url: string;
	readonly fetch: FetchKeySet;
	readonly clock: Clock;
	readonly log: Logger;
}

interface Fetched {
	readonly find: JWTVerifyGetKey;
	readonly text: string;
	readonly at: number;
}

/**
 * The keys that an issuer publishes. jose's own remote set asks a server that fails once for every token that
 * anybody sends, and forgets good keys while it does; everything else here is jose's.
 */
export class RemoteKeys implements TokenKeys {
	readonly #options: RemoteKeysOptions;
	readonly #closing = new AbortController();
	#keys: Fetched | undefined;
	#generation = 0;
	#askedAt = Number.NEGATIVE_INFINITY;
	#asking: Promise<void> | undefined;

	constructor(options: RemoteKeysOptions) {
		this.#options = options;
	}

	get generation(): number {
		return this.#generation;
	}

	readonly find: JWTVerifyGetKey = async (header, token) => {
		const keys = await this.#usable();
		try {
			return await keys.find(header, token);
		} catch (error) {
			// The issuer may have a new key.
			if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
			await this.#ask();
			if (this.#keys === keys || !this.#keys) throw error;
			return this.#keys.find(header, token);
		}
	};

	freshen(): void {
		const age = this.#now - (this.#keys?.at ?? Number.NEGATIVE_INFINITY);
		if (age >= FRESH_MS) void this.#ask();
	}

	close(): void {
		this.#closing.abort();
	}

	get #now(): number {
		return this.#options.clock.monotonic();
	}

	async #usable(): Promise<Fetched> {
		this.freshen();
		if (!this.#isUsable()) await this.#ask();
		if (this.#keys && this.#isUsable()) return this.#keys;
		throw new EasyRemoteError(
			"UNAVAILABLE",
			"tokens cannot be checked at present: the issuer's keys are out of reach",
			{ retryAfterMs: COOL_DOWN_MS },
		);
	}

	#isUsable(): boolean {
		return this.#keys !== undefined && this.#now - this.#keys.at < USABLE_MS;
	}

	/** Asks the issuer, unless that was done just now. Resolves, whatever came of it. */
	#ask(): Promise<void> {
		if (this.#asking) return this.#asking;
		if (this.#now - this.#askedAt < COOL_DOWN_MS) return Promise.resolve();
		this.#askedAt = this.#now;
		this.#asking = this.#fetch().finally(() => {
			this.#asking = undefined;
		});
		return this.#asking;
	}

	async #fetch(): Promise<void> {
		const { url, log } = this.#options;
		try {
			const signal = this.#closing.signal;
			const set = await fetchKeySet({ ...this.#options, signal });
			// It refuses what is no key set.
			const find = createLocalJWKSet(set as JSONWebKeySet);
			const text = JSON.stringify(set);
			if (text !== this.#keys?.text) this.#generation += 1;
			this.#keys = { find, text, at: this.#now };
		} catch (error) {
			if (this.#closing.signal.aborted) return;
			const reason = error instanceof Error ? error.message : "unknown reason";
			log.warn(
				{ url, reason },
				"the keys of the token issuer were not fetched",
			);
		}
	}
}
