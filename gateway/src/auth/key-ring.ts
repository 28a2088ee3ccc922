import { EasyRemoteError } from "@easyremote/shared/errors";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import type { KeyRecord, Store } from "../store/store.js";

/** How often the store is asked whether somebody else has written, ms: bounds how long a revoked key works. */
const POLL_INTERVAL_MS = 2_000;

export interface KeyRingOptions {
	readonly store: Store;
	readonly clock: Clock;
	readonly log: Logger;
	/** Told of keys that were valid and no longer are: revoked or expired. */
	readonly lost: (ids: readonly string[]) => void;
	/** Told once, if there were no keys at first, when there are. */
	readonly firstKey: () => void;
}

/**
 * The store's keys, in memory, so that authentication reads nothing. Keys change rarely, but by other
 * processes as well (`key revoke` beside a running gateway): the store's version is polled.
 */
export class KeyRing {
	readonly #options: KeyRingOptions;
	#keys = new Map<string, KeyRecord>();
	#valid = new Set<string>();
	#version: string | undefined;
	#cancelPoll: CancelTimer | undefined;
	#closed = false;

	constructor(options: KeyRingOptions) {
		this.#options = options;
	}

	/** Reads the keys, and follows their changes until closed. Throws UNAVAILABLE as the store does. */
	async open(): Promise<void> {
		await this.#read();
		this.#plan();
	}

	/** Whether there has never been a key, not even one that is revoked by now. */
	get empty(): boolean {
		return this.#keys.size === 0;
	}

	/** The key of that id if it is valid at present. */
	find(id: string): KeyRecord | undefined {
		const key = this.#keys.get(id);
		return key && this.#isValid(key) ? key : undefined;
	}

	/** Looks for changes now, telling the listeners. */
	async refresh(): Promise<void> {
		const keysBefore = this.#keys.size;
		const before = this.#valid;
		if ((await this.#options.store.version()) === this.#version) this.#sift();
		else await this.#read();
		const lost = [...before].filter((id) => !this.#valid.has(id));
		if (lost.length > 0) this.#options.lost(lost);
		if (keysBefore === 0 && this.#keys.size > 0) this.#options.firstKey();
	}

	/** Stops following. The store stays open. */
	close(): void {
		this.#closed = true;
		this.#cancelPoll?.();
	}

	#isValid(key: KeyRecord): boolean {
		if (key.revokedAt !== undefined) return false;
		return (
			key.expiresAt === undefined || key.expiresAt > this.#options.clock.now()
		);
	}

	async #read(): Promise<void> {
		const { store } = this.#options;
		// The version first: a write in between is then seen by the next poll.
		const version = await store.version();
		const keys = await store.keys.list();
		this.#keys = new Map(keys.map((key) => [key.id, key]));
		this.#version = version;
		this.#sift();
	}

	#sift(): void {
		const valid = [...this.#keys.values()].filter((key) => this.#isValid(key));
		this.#valid = new Set(valid.map((key) => key.id));
	}

	#plan(): void {
		this.#cancelPoll = this.#options.clock.schedule(POLL_INTERVAL_MS, () => {
			void this.#poll();
		});
	}

	async #poll(): Promise<void> {
		try {
			await this.refresh();
		} catch (error) {
			// The keys known so far go on working; the next poll may read again.
			const reason =
				error instanceof EasyRemoteError ? error.message : "unexpected failure";
			this.#options.log.error(
				{ err: error },
				`cannot follow changes of the keys: ${reason}`,
			);
		}
		if (!this.#closed) this.#plan();
	}
}
