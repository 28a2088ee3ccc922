import { EasyRemoteError } from "../errors/easyremote-error.js";
import { EXTENSION, HEAP_COST } from "./msgpack-layout.js";

/** What a body may contain, and how much. */
export interface GuardRules {
	/**
	 * `plain` is MessagePack that any language writes, with string keys and timestamps. `records` adds what
	 * msgpackr uses between JavaScript peers, `references` the ids by which it keeps cycles as well.
	 */
	readonly dialect: "plain" | "records" | "references";
	/** Deepest nesting allowed. */
	readonly maxDepth: number;
	/** Most heap the decoded value may take, bytes, as estimated from its structure. */
	readonly maxHeapBytes?: number | undefined;
}

/** Heap any body may ask for, and how much more for each of its bytes: tiny objects written by honest peers need 27. */
const HEAP_FLOOR = 32 * 1024 * 1024;
const HEAP_PER_BYTE = 24;

/**
 * Checks a body's structure before it is decoded: whole, nothing behind it, not too deep, and not worth much more
 * heap than it has bytes (8 MB of empty maps would cost 1.5 GB). Allocates next to nothing itself.
 * Throws INVALID_ARGUMENT.
 */
export function guardMsgpack(bytes: Uint8Array, rules: GuardRules): void {
	new MsgpackGuard(bytes, rules).check();
}

class MsgpackGuard {
	readonly #bytes: Uint8Array;
	readonly #end: number;
	readonly #plain: boolean;
	readonly #references: boolean;
	readonly #maxDepth: number;
	#at = 0;
	#heap: number;
	/** Number of fields by record id, as defined so far. */
	readonly #fields: (number | undefined)[] = [];
	/** Number of keys by reference id: msgpackr refers back to a list of keys that it has written before. */
	#keyLists: Map<number, number> | undefined;

	constructor(bytes: Uint8Array, rules: GuardRules) {
		this.#bytes = bytes;
		this.#end = bytes.length;
		this.#plain = rules.dialect === "plain";
		this.#references = rules.dialect === "references";
		this.#maxDepth = rules.maxDepth;
		this.#heap =
			rules.maxHeapBytes ?? HEAP_FLOOR + HEAP_PER_BYTE * bytes.length;
	}

	check(): void {
		this.#value(0);
		if (this.#at > this.#end) this.#fail("it ends too early");
		if (this.#at < this.#end) this.#fail("something follows its end");
	}

	#value(depth: number): void {
		const token = this.#bytes[this.#at++];
		if (token === undefined) this.#fail("it ends too early");
		if (token >= 0xe0 || token < 0x40) return;
		if (token < 0x80) {
			const fields = this.#fields[token];
			if (fields !== undefined) this.#record(fields, depth);
		} else if (token < 0x90) this.#map(token & 0x0f, depth);
		else if (token < 0xa0) this.#array(token & 0x0f, depth);
		else if (token < 0xc0) this.#text(token & 0x1f);
		else this.#long(token, depth);
	}

	/** Everything whose first byte holds nothing but the type. */
	#long(token: number, depth: number): void {
		if (token === 0xc1) this.#fail("0xc1 is not used");
		else if (token <= 0xc3) return;
		else if (token <= 0xc6)
			this.#raw(this.#uint(1 << (token - 0xc4)), HEAP_COST.binary);
		else if (token <= 0xc9) this.#extension(this.#uint(1 << (token - 0xc7)));
		else if (token <= 0xcb) this.#at += token === 0xca ? 4 : 8;
		else if (token <= 0xd3) this.#at += 1 << (token & 3);
		else if (token === 0xd4) this.#tagged(depth);
		else if (token === 0xd6) this.#fixed4(depth);
		else if (token === 0xd7) this.#extension(8);
		else if (token === 0xd8) this.#extension(16);
		else if (token === 0xd5) this.#fail("extensions of 2 bytes are not used");
		else if (token <= 0xdb) this.#text(this.#uint(1 << (token - 0xd9)));
		else if (token <= 0xdd)
			this.#array(this.#uint(token === 0xdc ? 2 : 4), depth);
		else this.#map(this.#uint(token === 0xde ? 2 : 4), depth);
	}

	/** `fixext 1`, in which msgpackr marks that the next value is something more than it seems. */
	#tagged(depth: number): void {
		const type = this.#bytes[this.#at++];
		const mark = this.#bytes[this.#at++];
		if (this.#plain) this.#unknownExtension(type);
		switch (type) {
			case EXTENSION.undefined:
				return;
			case EXTENSION.timestamp:
				this.#spend(HEAP_COST.date);
				return;
			case EXTENSION.record:
				this.#definition(mark, depth);
				return;
			case EXTENSION.set:
			case EXTENSION.error:
			case EXTENSION.regexp: {
				const content = this.#bytes[this.#at];
				const isArray =
					content !== undefined &&
					((content & 0xf0) === 0x90 || content === 0xdc || content === 0xdd);
				if (!isArray) this.#fail("a set, error or regexp holds no list");
				this.#spend(HEAP_COST.tagged);
				this.#value(depth);
				return;
			}
			default:
				this.#unknownExtension(type);
		}
	}

	/** `fixext 4`: a timestamp, or an id given to or asking for a value. */
	#fixed4(depth: number): void {
		const type = this.#bytes[this.#at];
		if (this.#references && type === EXTENSION.referenceTo) {
			this.#at += 5;
		} else if (this.#references && type === EXTENSION.referenced) {
			this.#at += 5;
			this.#spend(HEAP_COST.reference);
			this.#value(this.#deeper(depth));
		} else this.#extension(4);
	}

	#extension(length: number): void {
		const type = this.#bytes[this.#at++];
		const allowed =
			type === EXTENSION.timestamp
				? length === 4 || length === 8 || length === 12
				: !this.#plain &&
					((type === EXTENSION.bigint && length > 0) ||
						type === EXTENSION.binary ||
						type === EXTENSION.attachment);
		if (!allowed) this.#unknownExtension(type);
		this.#raw(length, HEAP_COST.binary);
	}

	/** Keys of a record, its id, and the first record that has them. */
	#definition(mark: number | undefined, depth: number): void {
		if (mark === undefined || mark < 0x40 || mark > 0x7f)
			this.#fail("a record has no valid id");
		const fields = this.#keys();
		this.#fields[mark] = fields;
		this.#spend(HEAP_COST.definition + fields * HEAP_COST.key);
		this.#record(fields, depth);
	}

	#keys(): number {
		let id: number | undefined;
		if (this.#references && this.#bytes[this.#at] === 0xd6) {
			this.#at += 1;
			const type = this.#bytes[this.#at++];
			id = this.#uint(4);
			if (type === EXTENSION.referenceTo) {
				const known = this.#keyLists?.get(id);
				if (known === undefined) this.#fail("a record's keys are missing");
				return known;
			}
			if (type !== EXTENSION.referenced) this.#unknownExtension(type);
		}
		const token = this.#bytes[this.#at++] ?? 0;
		let count: number;
		if ((token & 0xf0) === 0x90) count = token & 0x0f;
		else if (token === 0xdc) count = this.#uint(2);
		else if (token === 0xdd) count = this.#uint(4);
		else this.#fail("a record has no list of keys");
		if (count > this.#end - this.#at) this.#fail("it ends too early");
		for (let index = 0; index < count; index++) this.#key();
		if (id !== undefined) {
			this.#keyLists ??= new Map();
			this.#keyLists.set(id, count);
		}
		return count;
	}

	#key(): void {
		const token = this.#bytes[this.#at++] ?? 0;
		if (token >= 0xa0 && token < 0xc0) this.#text(token & 0x1f);
		else if (token >= 0xd9 && token <= 0xdb)
			this.#text(this.#uint(1 << (token - 0xd9)));
		else this.#fail("a key is not a string");
	}

	#record(fields: number, depth: number): void {
		this.#spend(HEAP_COST.object + fields * HEAP_COST.field);
		const inner = this.#deeper(depth);
		for (let index = 0; index < fields; index++) this.#value(inner);
	}

	#array(length: number, depth: number): void {
		if (length > this.#end - this.#at) this.#fail("it ends too early");
		this.#spend(HEAP_COST.array + length * HEAP_COST.element);
		const inner = this.#deeper(depth);
		for (let index = 0; index < length; index++) this.#value(inner);
	}

	#map(size: number, depth: number): void {
		if (size > (this.#end - this.#at) / 2) this.#fail("it ends too early");
		this.#spend(
			this.#plain
				? HEAP_COST.object + size * HEAP_COST.key
				: HEAP_COST.map + size * HEAP_COST.entry,
		);
		const inner = this.#deeper(depth);
		for (let index = 0; index < size; index++) {
			if (this.#plain) this.#key();
			else this.#value(inner);
			this.#value(inner);
		}
	}

	#text(length: number): void {
		this.#raw(length, HEAP_COST.string);
	}

	#raw(length: number, overhead: number): void {
		if (length > this.#end - this.#at) this.#fail("it ends too early");
		this.#spend(overhead + length);
		this.#at += length;
	}

	/** Big-endian, of 1, 2 or 4 bytes. */
	#uint(size: number): number {
		let value = 0;
		for (let index = 0; index < size; index++)
			value = value * 256 + (this.#bytes[this.#at++] ?? 0);
		return value;
	}

	#deeper(depth: number): number {
		if (depth >= this.#maxDepth)
			this.#fail(`it is nested deeper than ${this.#maxDepth}`);
		return depth + 1;
	}

	#spend(heapBytes: number): void {
		this.#heap -= heapBytes;
		if (this.#heap < 0)
			this.#fail("it would unfold to far more memory than it has bytes");
	}

	#unknownExtension(type: number | undefined): never {
		this.#fail(`extension type ${type ?? "none"} is not used here`);
	}

	#fail(reason: string): never {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`malformed MessagePack at byte ${Math.min(this.#at, this.#end)} of ${this.#end}: ${reason}`,
		);
	}
}
