/** One text in the browser's storage. Where the browser denies that, nothing is kept and nothing found. */
export class KeptValue {
	readonly #storage: () => Storage;
	readonly #key: string;

	/** @param storage asked at each use: to get at it may throw already */
	constructor(storage: () => Storage, key: string) {
		this.#storage = storage;
		this.#key = key;
	}

	get(): string | undefined {
		try {
			return this.#storage().getItem(this.#key) ?? undefined;
		} catch {
			return undefined;
		}
	}

	/** @param value undefined forgets it */
	set(value: string | undefined): void {
		try {
			if (value === undefined) this.#storage().removeItem(this.#key);
			else this.#storage().setItem(this.#key, value);
		} catch {
			// Denied or full: then the visitor is asked again.
		}
	}
}
