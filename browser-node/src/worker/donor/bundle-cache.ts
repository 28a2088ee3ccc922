import * as v from "valibot";

/** Under which key the list of what is kept stands. */
const INDEX = "index";

const index = v.array(
	v.object({
		sha256: v.string(),
		bytes: v.number(),
		/** ms since the epoch. */
		usedAt: v.number(),
	}),
);
/** Where code is kept: by key, for as long as the browser likes. Every method may reject. */
export interface CodeStore {
	get(key: string): Promise<unknown>;
	set(key: string, value: unknown): Promise<void>;
	del(key: string): Promise<void>;
}

type Kept = v.InferOutput<typeof index>[number];

/**
 * Code of bundles, kept from one visit to the next; what was not used for longest makes room. Where the
 * browser keeps nothing (private windows), nothing is kept, and nothing fails.
 */
export class BundleCache {
	readonly #maxBytes: number;
	readonly #now: () => number;
	readonly #store: CodeStore | undefined;
	#kept: Kept[] = [];

	/**
	 * @param store undefined where nothing is kept
	 * @param now wall time, ms since the epoch
	 */
	constructor(
		store: CodeStore | undefined,
		maxBytes: number,
		now: () => number,
	) {
		this.#store = store;
		this.#maxBytes = maxBytes;
		this.#now = now;
	}

	/** Reads what is there. To be called, and waited for, before anything else. */
	async open(): Promise<void> {
		const found = await this.#attempt((store) => store.get(INDEX));
		const read = v.safeParse(index, found);
		this.#kept = read.success ? read.output : [];
	}

	/** Whether the code with that hash is there. */
	has(sha256: string): boolean {
		return this.#kept.some((each) => each.sha256 === sha256);
	}

	/** The code with that hash, unverified: whatever can write to this origin's storage may have changed it. */
	async read(sha256: string): Promise<ArrayBuffer | undefined> {
		if (!this.has(sha256)) return undefined;
		const code = await this.#attempt((store) => store.get(sha256));
		if (!(code instanceof ArrayBuffer)) {
			await this.remove(sha256);
			return undefined;
		}
		await this.#list({ sha256, bytes: code.byteLength, usedAt: this.#now() });
		return code;
	}

	/** Keeps code, and lets go of what was not used for longest until all fits. */
	async write(sha256: string, code: ArrayBuffer): Promise<void> {
		const bytes = code.byteLength;
		if (bytes > this.#maxBytes) return;
		const done = await this.#attempt(async (store) => {
			await store.set(sha256, code);
			return true;
		});
		if (!done) return;
		await this.#list({ sha256, bytes, usedAt: this.#now() });
		for (const { sha256: old } of this.#excess()) await this.remove(old);
	}

	/** Lets go of code. */
	async remove(sha256: string): Promise<void> {
		this.#kept = this.#kept.filter((each) => each.sha256 !== sha256);
		await this.#attempt((store) => store.del(sha256));
		await this.#attempt((store) => store.set(INDEX, this.#kept));
	}

	async #list(entry: Kept): Promise<void> {
		const others = this.#kept.filter(({ sha256 }) => sha256 !== entry.sha256);
		this.#kept = [...others, entry];
		await this.#attempt((store) => store.set(INDEX, this.#kept));
	}

	#excess(): readonly Kept[] {
		const newestFirst = this.#kept.toSorted((a, b) => b.usedAt - a.usedAt);
		let sum = 0;
		return newestFirst.filter(({ bytes }) => {
			sum += bytes;
			return sum > this.#maxBytes;
		});
	}

	/** What the browser's storage answers; undefined where it refuses, for it is a convenience. */
	async #attempt<T>(
		act: (store: CodeStore) => Promise<T>,
	): Promise<T | undefined> {
		try {
			return this.#store && (await act(this.#store));
		} catch {
			return undefined;
		}
	}
}
