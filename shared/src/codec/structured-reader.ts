import { EXTENSION, HEAP_COST } from "./msgpack-layout.js";
import { ValueReader } from "./value-reader.js";

/** Reads what `StructuredWriter` wrote, or a stranger: values may have ids, by which others refer to them. */
export class StructuredReader extends ValueReader {
	readonly #named = new Map<number, unknown>();
	/** Ids that the next value is given. */
	#names: number[] = [];

	protected override born<T>(value: T): T {
		if (this.#names.length > 0) {
			for (const id of this.#names) this.#named.set(id, value);
			this.#names = [];
		}
		return value;
	}

	protected override extension(
		type: number,
		length: number,
		depth: number,
	): unknown {
		if (length !== 4) return super.extension(type, length, depth);
		if (type === EXTENSION.referenced) return this.#namedValue(depth);
		if (type === EXTENSION.referenceTo) return this.#reference();
		return super.extension(type, length, depth);
	}

	#namedValue(depth: number): unknown {
		const id = this.uint32();
		this.spend(HEAP_COST.reference);
		if (this.#named.has(id) || this.#names.includes(id))
			this.fail("two values have the same id");
		this.#names.push(id);
		// What holds others took the ids before those were read; anything else takes them now.
		return this.born(this.value(this.deeper(depth)));
	}

	#reference(): unknown {
		const id = this.uint32();
		if (!this.#named.has(id)) this.fail("a reference leads nowhere");
		return this.#named.get(id);
	}
}
