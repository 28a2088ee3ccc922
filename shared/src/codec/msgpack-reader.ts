import { EasyRemoteError } from "../errors/easyremote-error.js";
import { HEAP_COST } from "./msgpack-layout.js";
import { readShortText } from "./short-text.js";
import { readUint32 } from "./uint32.js";

/** How much a body may unfold to. */
export interface ReaderLimits {
	/** Deepest nesting allowed. */
	readonly maxDepth: number;
	/** Most heap the value may take, bytes, as estimated from its structure. */
	readonly maxHeapBytes?: number | undefined;
}

/** Heap any body may ask for, and how much more for each of its bytes: tiny objects written by honest peers need 27. */
const HEAP_FLOOR = 32 * 1024 * 1024;
const HEAP_PER_BYTE = 24;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads a body of MessagePack, perhaps a stranger's: it must be whole, with nothing behind it, not too deep, and not
 * worth much more heap than it has bytes (8 MB of empty maps would cost 1.5 GB). Nothing is allocated for what is
 * merely announced. What the extensions mean is for the dialects.
 */
export abstract class MsgpackReader {
	protected readonly bytes: Uint8Array;
	readonly #end: number;
	readonly #maxDepth: number;
	#at = 0;
	#heap: number;
	#view: DataView | undefined;

	constructor(bytes: Uint8Array, limits: ReaderLimits) {
		this.bytes = bytes;
		this.#end = bytes.length;
		this.#maxDepth = limits.maxDepth;
		this.#heap =
			limits.maxHeapBytes ?? HEAP_FLOOR + HEAP_PER_BYTE * bytes.length;
	}

	/** The value. Throws INVALID_ARGUMENT. */
	read(): unknown {
		const value = this.value(0);
		if (this.#at < this.#end) this.fail("something follows its end");
		return value;
	}

	/** The number that `token`, from 0x40 to 0x7f, is, or what else it stands for. */
	protected abstract small(token: number, depth: number): unknown;
	/** An integer of 64 bits. */
	protected abstract integer(value: bigint): unknown;
	/** Raw bytes, which are still to be read. */
	protected abstract binary(length: number): unknown;
	/** A map, of which `size` entries follow. */
	protected abstract map(size: number, depth: number): unknown;
	/** An extension other than a timestamp; its content is still to be read. */
	protected abstract extension(
		type: number,
		length: number,
		depth: number,
	): unknown;

	protected value(depth: number): unknown {
		const token = this.byte();
		if (token < 0x40) return token;
		if (token >= 0xe0) return token - 0x100;
		if (token < 0x80) return this.small(token, depth);
		if (token < 0x90) return this.#map(token & 0x0f, depth);
		if (token < 0xa0) return this.list(token & 0x0f, depth);
		if (token < 0xc0) return this.#text(token & 0x1f);
		return this.#long(token, depth);
	}

	protected list(length: number, depth: number): unknown {
		const inner = this.enterList(length, depth);
		const list = this.born<unknown[]>([]);
		for (let index = 0; index < length; index += 1)
			list.push(this.value(inner));
		return list;
	}

	/** Called with everything that holds others, before those are read. */
	protected born<T extends object>(value: T): T {
		return value;
	}

	/** Whether so many elements may follow; the depth of them. */
	protected enterList(length: number, depth: number): number {
		this.#expect(length);
		this.spend(HEAP_COST.array + length * HEAP_COST.element);
		return this.deeper(depth);
	}

	/** The head of a list; -1 where there is none. */
	protected listLength(): number {
		const token = this.byte();
		if ((token & 0xf0) === 0x90) return token & 0x0f;
		if (token === 0xdc) return this.#uint16();
		return token === 0xdd ? this.uint32() : -1;
	}

	/** A key of an object. The one that would be its prototype is another. */
	protected key(): string {
		const token = this.byte();
		let key: string;
		if (token >= 0xa0 && token < 0xc0) key = this.#text(token & 0x1f);
		else if (token >= 0xd9 && token <= 0xdb)
			key = this.#text(this.#uint(1 << (token - 0xd9)));
		else this.fail("a key is not a string");
		return key === "__proto__" ? "__proto_" : key;
	}

	protected byte(): number {
		const byte = this.bytes[this.#at];
		if (byte === undefined) this.fail("it ends too early");
		this.#at += 1;
		return byte;
	}

	protected uint32(): number {
		return readUint32(this.bytes, this.#skip(4));
	}

	protected float64(): number {
		const start = this.#skip(8);
		return this.#viewed().getFloat64(start);
	}

	/** The next bytes: a view of the body. */
	protected take(length: number): Uint8Array {
		const start = this.#skip(length);
		return this.bytes.subarray(start, start + length);
	}

	/** The next bytes in a buffer of their own. */
	protected copy(length: number): Uint8Array<ArrayBuffer> {
		const start = this.#skip(length);
		return this.bytes.slice(start, start + length);
	}

	protected deeper(depth: number): number {
		if (depth >= this.#maxDepth)
			this.fail(`it is nested deeper than ${this.#maxDepth}`);
		return depth + 1;
	}

	/** Refuses what would unfold to more memory than is allowed. */
	protected spend(heapBytes: number): void {
		this.#heap -= heapBytes;
		if (this.#heap < 0)
			this.fail("it would unfold to far more memory than it has bytes");
	}

	protected unknownExtension(type: number): never {
		this.fail(`extension type ${type} is not used here`);
	}

	protected fail(reason: string): never {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`malformed MessagePack at byte ${this.#at} of ${this.#end}: ${reason}`,
		);
	}

	/** Everything whose first byte holds nothing but the type. */
	#long(token: number, depth: number): unknown {
		switch (token) {
			case 0xc0:
				return null;
			case 0xc1:
				return this.fail("0xc1 is not used");
			case 0xc2:
				return false;
			case 0xc3:
				return true;
			case 0xc4:
			case 0xc5:
			case 0xc6:
				return this.#binary(this.#uint(1 << (token - 0xc4)));
			case 0xc7:
			case 0xc8:
			case 0xc9:
				return this.#extension(this.#uint(1 << (token - 0xc7)), depth);
			case 0xca: {
				const start = this.#skip(4);
				return this.#viewed().getFloat32(start);
			}
			case 0xcb:
				return this.float64();
			case 0xcc:
				return this.byte();
			case 0xcd:
				return this.#uint16();
			case 0xce:
				return this.uint32();
			case 0xcf: {
				const start = this.#skip(8);
				return this.integer(this.#viewed().getBigUint64(start));
			}
			case 0xd0:
				return (this.byte() << 24) >> 24;
			case 0xd1:
				return (this.#uint16() << 16) >> 16;
			case 0xd2:
				return this.uint32() | 0;
			case 0xd3:
				return this.integer(this.#int64());
			case 0xd4:
			case 0xd5:
			case 0xd6:
			case 0xd7:
			case 0xd8:
				return this.#extension(1 << (token - 0xd4), depth);
			case 0xd9:
			case 0xda:
			case 0xdb:
				return this.#text(this.#uint(1 << (token - 0xd9)));
			case 0xdc:
			case 0xdd:
				return this.list(this.#uint(token === 0xdc ? 2 : 4), depth);
			default:
				return this.#map(this.#uint(token === 0xde ? 2 : 4), depth);
		}
	}

	#map(size: number, depth: number): unknown {
		this.#expect(2 * size);
		return this.map(size, depth);
	}

	#extension(length: number, depth: number): unknown {
		const type = this.byte();
		if (type === 0xff) return this.#timestamp(length);
		return this.extension(type, length, depth);
	}

	#binary(length: number): unknown {
		this.spend(HEAP_COST.binary + length);
		return this.binary(length);
	}

	/** Of 4 bytes seconds, of 8 nanoseconds too, of 12 more of both; of one byte, a date that is none. */
	#timestamp(length: number): Date {
		this.spend(HEAP_COST.date);
		if (length === 1) {
			this.byte();
			return new Date(Number.NaN);
		}
		let seconds: number;
		let nanoseconds = 0;
		if (length === 4) seconds = this.uint32();
		else if (length === 8) {
			const high = this.uint32();
			nanoseconds = high >>> 2;
			seconds = (high & 3) * 0x1_0000_0000 + this.uint32();
		} else if (length === 12) {
			nanoseconds = this.uint32();
			seconds = Number(this.#int64());
		} else this.unknownExtension(0xff);
		return new Date(seconds * 1_000 + Math.floor(nanoseconds / 1_000_000));
	}

	#text(length: number): string {
		this.spend(HEAP_COST.string + length);
		const start = this.#skip(length);
		return (
			readShortText(this.bytes, start, length) ??
			decoder.decode(this.bytes.subarray(start, start + length))
		);
	}

	/** A length of 1, 2 or 4 bytes. */
	#uint(size: number): number {
		if (size === 1) return this.byte();
		return size === 2 ? this.#uint16() : this.uint32();
	}

	#uint16(): number {
		const start = this.#skip(2);
		return ((this.bytes[start] ?? 0) << 8) | (this.bytes[start + 1] ?? 0);
	}

	#int64(): bigint {
		const start = this.#skip(8);
		return this.#viewed().getBigInt64(start);
	}

	/** The body as numbers; most bodies have none that need it. */
	#viewed(): DataView {
		if (this.#view === undefined) {
			const { buffer, byteOffset, byteLength } = this.bytes;
			this.#view = new DataView(buffer, byteOffset, byteLength);
		}
		return this.#view;
	}

	/** Steps over so many bytes and returns where they begin. */
	#skip(length: number): number {
		this.#expect(length);
		const start = this.#at;
		this.#at = start + length;
		return start;
	}

	/** There must be so many bytes left. */
	#expect(count: number): void {
		if (count > this.#end - this.#at) this.fail("it ends too early");
	}
}
