import { bigIntOf } from "./big-integer.js";
import { type Binary, makeBinary } from "./binary-kinds.js";
import type { EncodedValue } from "./encoded-value.js";
import { fillError, newError } from "./error-fields.js";
import {
	EXTENSION,
	FIRST_RECORD,
	HEAP_COST,
	PLACEHOLDER_BYTES,
} from "./msgpack-layout.js";
import { MsgpackReader, type ReaderLimits } from "./msgpack-reader.js";
import { ownBytes } from "./own-bytes.js";

/** Reads what `ValueWriter` wrote, or a stranger. */
export class ValueReader extends MsgpackReader {
	readonly #attachments: readonly Uint8Array[];
	/** Attachments that the body has named so far. */
	#taken = 0;
	/** Keys by record id, as defined so far. */
	readonly #shapes: (readonly string[] | undefined)[] = [];

	constructor(
		{ body, attachments }: Pick<EncodedValue, "body" | "attachments">,
		limits: ReaderLimits,
	) {
		super(body, limits);
		this.#attachments = attachments;
	}

	override read(): unknown {
		const value = super.read();
		const count = this.#attachments.length;
		if (this.#taken !== count)
			this.fail(`it uses ${this.#taken} of its ${count} attachments`);
		return value;
	}

	protected small(token: number, depth: number): unknown {
		const keys = this.#shapes[token - FIRST_RECORD];
		return keys ? this.#record(keys, depth) : token;
	}

	protected integer(value: bigint): bigint {
		return value;
	}

	protected binary(length: number): Uint8Array {
		return this.copy(length);
	}

	protected map(size: number, depth: number): unknown {
		this.spend(HEAP_COST.map + size * HEAP_COST.entry);
		const inner = this.deeper(depth);
		const map = this.born(new Map<unknown, unknown>());
		for (let index = 0; index < size; index += 1)
			map.set(this.value(inner), this.value(inner));
		return map;
	}

	protected extension(type: number, length: number, depth: number): unknown {
		if (length === 1) return this.#tagged(type, depth);
		switch (type) {
			case EXTENSION.bigint:
				this.spend(HEAP_COST.binary + length);
				return bigIntOf(this.take(length));
			case EXTENSION.binary:
				this.spend(HEAP_COST.binary + length);
				return makeBinary(this.byte(), this.copy(length - 1));
			case EXTENSION.attachment:
				this.spend(HEAP_COST.binary);
				return this.#attachment(length);
			default:
				return this.unknownExtension(type);
		}
	}

	/** An extension of one byte, which says that the next value is something more than it seems. */
	#tagged(type: number, depth: number): unknown {
		const mark = this.byte();
		switch (type) {
			case EXTENSION.undefined:
				return undefined;
			case EXTENSION.record:
				return this.#definition(mark - FIRST_RECORD, depth);
			case EXTENSION.set:
				return this.#set(depth);
			case EXTENSION.error:
				return this.#error(depth);
			case EXTENSION.regexp:
				return this.#pattern(depth);
			case EXTENSION.bigint:
				return bigIntOf(Uint8Array.of(mark));
			case EXTENSION.binary:
				this.spend(HEAP_COST.binary);
				return makeBinary(mark, new Uint8Array(0));
			default:
				return this.unknownExtension(type);
		}
	}

	/** Keys of a record, and the first that has them. */
	#definition(id: number, depth: number): object {
		if (id < 0 || id >= 0x80 - FIRST_RECORD)
			this.fail("a record has no valid id");
		const count = this.listLength();
		if (count < 0) this.fail("a record has no list of keys");
		this.enterList(count, 0);
		this.spend(HEAP_COST.definition + count * HEAP_COST.key);
		const keys: string[] = [];
		for (let index = 0; index < count; index += 1) keys.push(this.key());
		this.#shapes[id] = keys;
		return this.#record(keys, depth);
	}

	#record(keys: readonly string[], depth: number): object {
		this.spend(HEAP_COST.object + keys.length * HEAP_COST.field);
		const inner = this.deeper(depth);
		const object = this.born<Record<string, unknown>>({});
		for (const key of keys) object[key] = this.value(inner);
		return object;
	}

	#set(depth: number): Set<unknown> {
		const [length, inner] = this.#content(depth);
		const set = this.born(new Set<unknown>());
		for (let index = 0; index < length; index += 1) set.add(this.value(inner));
		return set;
	}

	#error(depth: number): Error {
		const [length, inner] = this.#content(depth);
		const part = (index: number) =>
			index < length ? this.value(inner) : undefined;
		const error = this.born(newError(part(0), part(1)));
		fillError(error, part(2), part(3));
		for (let index = 4; index < length; index += 1) this.value(inner);
		return error;
	}

	#pattern(depth: number): RegExp {
		const [length, inner] = this.#content(depth);
		const parts: unknown[] = [];
		for (let index = 0; index < length; index += 1)
			parts.push(this.value(inner));
		const [source, flags] = parts;
		if (typeof source !== "string" || typeof flags !== "string")
			this.fail("a pattern is no text");
		return new RegExp(source, flags);
	}

	/** The head of the list that makes up a set, an error or a pattern: its length, and the depth of what is in it. */
	#content(depth: number): [length: number, inner: number] {
		const length = this.listLength();
		if (length < 0) this.fail("a set, error or regexp holds no list");
		this.spend(HEAP_COST.tagged);
		return [length, this.enterList(length, depth)];
	}

	#attachment(length: number): Binary {
		const index = this.#taken;
		const attachment = this.#attachments[index];
		if (length !== PLACEHOLDER_BYTES || attachment === undefined)
			this.fail(`attachment ${index} is missing`);
		const kind = this.byte();
		if (this.uint32() !== index || this.float64() !== attachment.length)
			this.fail(
				`attachment ${index} is out of order or of another length than announced`,
			);
		this.#taken += 1;
		return makeBinary(kind, ownBytes(attachment));
	}
}
