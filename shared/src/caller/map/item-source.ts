/** Takes items from an iterable of either kind, one after the other and only when asked to. */
export class ItemSource {
	readonly #inputs: Iterable<unknown> | AsyncIterable<unknown>;
	#sync: Iterator<unknown> | undefined;
	#async: AsyncIterator<unknown> | undefined;
	#waiting = false;
	#ended = false;

	constructor(inputs: Iterable<unknown> | AsyncIterable<unknown>) {
		this.#inputs = inputs;
	}

	/** Whether there are no more items. */
	get ended(): boolean {
		return this.#ended;
	}

	/**
	 * The next item if the source has it at once; else it comes by `arrived`, after which `take` may be asked again.
	 * Throws what the source throws.
	 *
	 * @param arrived told of the item, of the end (undefined), or of what the source threw, a turn or more later
	 */
	take(
		arrived: (step: Arrival) => void,
	): { readonly item: unknown } | undefined {
		if (this.#ended || this.#waiting) return undefined;
		this.#open();
		if (this.#sync) return this.#read(this.#sync.next());
		this.#waiting = true;
		const settle = (step: Arrival) => {
			this.#waiting = false;
			arrived(step);
		};
		this.#async?.next().then(
			(result) => {
				settle({ found: this.#read(result) });
			},
			(reason: unknown) => {
				this.#ended = true;
				settle({ threw: reason });
			},
		);
		return undefined;
	}

	/** Tells the source that nobody takes more. */
	async leave(): Promise<void> {
		if (this.#ended) return;
		this.#ended = true;
		this.#sync?.return?.();
		const left = this.#async?.return?.();
		// A generator that is asked for an item leaves when it has come up with it, which may be never.
		if (!this.#waiting) await left;
	}

	#open(): void {
		if (this.#sync || this.#async) return;
		if (Symbol.asyncIterator in this.#inputs)
			this.#async = this.#inputs[Symbol.asyncIterator]();
		else this.#sync = this.#inputs[Symbol.iterator]();
	}

	#read(
		result: IteratorResult<unknown>,
	): { readonly item: unknown } | undefined {
		if (result.done === true) {
			this.#ended = true;
			return undefined;
		}
		return { item: result.value };
	}
}

/** What an asynchronous source came up with. */
export type Arrival =
	| { readonly found: { readonly item: unknown } | undefined }
	| { readonly threw: unknown };
