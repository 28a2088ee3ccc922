import { EasyRemoteError } from "../errors/easyremote-error.js";
import { takeSlice } from "./slab.js";
import { refuseUnsendable } from "./unsendable.js";

/** Room a writer starts with, bytes. */
const ROOM_BYTES = 2 * 1024;
/** From here on what was written is handed over instead of copied, and no larger room is kept, bytes. */
const HAND_OVER_BYTES = 64 * 1024;
/** Longer texts are left to the engine's encoder, characters. */
const SHORT_TEXT = 64;

/** An object of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a dialect allows. */
export interface WriterOptions {
	/** Deepest nesting. */
	readonly maxDepth: number;
	/** The least integer that one byte does not hold: 128, or 64 where the rest of those bytes means something else. */
	readonly smallEnd: number;
}

/** Bytes of UTF-8 for one unit of UTF-16, at most. */
const LONGEST_CHARACTER = 3;

const encoder = new TextEncoder();

/**
 * Writes MessagePack in few bytes. What a thing beyond texts and numbers looks like is for the
 * dialects: `ValueWriter` keeps JavaScript's types, `PlainWriter` is for everyone.
 *
 * https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export abstract class MsgpackWriter {
	readonly #options: WriterOptions;
	#bytes = new Uint8Array(ROOM_BYTES);
	#view = new DataView(this.#bytes.buffer);
	#at = 0;
	#depth = 0;

	constructor(options: WriterOptions) {
		this.#options = options;
	}

	/** Writes `value` and all that is in it. Throws INVALID_ARGUMENT for what cannot be written. */
	write(value: unknown): void {
		if (typeof value === "string") this.text(value);
		else if (typeof value === "number") this.#number(value);
		else if (typeof value === "object") {
			if (value === null) this.byte(0xc0);
			else this.#object(value);
		} else if (typeof value === "boolean") this.byte(value ? 0xc3 : 0xc2);
		else if (value === undefined) this.nothing();
		else if (typeof value === "bigint") this.#bigint(value);
		else refuseUnsendable(value);
	}

	/** What was written so far, lent: it is gone with the next writing. */
	lend(): Uint8Array {
		return this.#bytes.subarray(0, this.#at);
	}

	/** What was written, for whoever takes it to keep. If it is short it shares a buffer with others of its kind. */
	take(): Uint8Array {
		const taken = this.lend();
		if (this.#at >= HAND_OVER_BYTES) {
			this.#allocate(ROOM_BYTES);
			return taken;
		}
		const copy = takeSlice(this.#at);
		copy.set(taken);
		return copy;
	}

	/** Forgets what was written, however the writing ended. */
	reset(): void {
		this.#at = 0;
		this.#depth = 0;
		if (this.#bytes.length > HAND_OVER_BYTES) this.#allocate(ROOM_BYTES);
	}

	/** Writes undefined. */
	protected abstract nothing(): void;
	/** Writes an integer that 64 bits do not hold. */
	protected abstract hugeInteger(value: bigint): void;
	/** Writes an object whose class says nothing. */
	protected abstract record(value: object): void;
	/** Writes an instance of some class. */
	protected abstract instance(value: object): void;

	/** Writes an instance of a class of the user's or the platform's, which may say itself what to write. */
	protected other(value: object): void {
		refuseUnsendable(value);
		const { toJSON } = value as Fields;
		const json: unknown =
			typeof toJSON === "function" ? toJSON.call(value) : value;
		if (json === value) this.record(value);
		else this.write(json);
	}

	/** Called before every object; true where there is nothing more to write of it. */
	protected seen(_value: object): boolean {
		return false;
	}

	protected get position(): number {
		return this.#at;
	}

	protected byte(byte: number): void {
		this.#reserve(1);
		this.#bytes[this.#at++] = byte;
	}

	protected bytes(bytes: Uint8Array): void {
		this.#reserve(bytes.length);
		this.#bytes.set(bytes, this.#at);
		this.#at += bytes.length;
	}

	protected uint32(value: number): void {
		this.#reserve(4);
		this.#view.setUint32(this.#at, value);
		this.#at += 4;
	}

	protected float64(value: number): void {
		this.#reserve(8);
		this.#view.setFloat64(this.#at, value);
		this.#at += 8;
	}

	protected text(text: string): void {
		const { length } = text;
		if (length > SHORT_TEXT) {
			this.#encodedText(text);
			return;
		}
		this.#reserve(length + 2);
		const bytes = this.#bytes;
		const start = this.#at + (length < 0x20 ? 1 : 2);
		for (let index = 0; index < length; index += 1) {
			const code = text.charCodeAt(index);
			if (code >= 0x80) {
				this.#encodedText(text);
				return;
			}
			bytes[start + index] = code;
		}
		if (length < 0x20) bytes[this.#at] = 0xa0 | length;
		else {
			bytes[this.#at] = 0xd9;
			bytes[this.#at + 1] = length;
		}
		this.#at = start + length;
	}

	#number(value: number): void {
		if (value === (value | 0)) this.#int32(value);
		else if (value > 0 && value <= 0xffff_ffff && Number.isInteger(value)) {
			this.byte(0xce);
			this.uint32(value);
		} else {
			this.byte(0xcb);
			this.float64(value);
		}
	}

	protected list(items: readonly unknown[]): void {
		this.listHead(items.length);
		// Holes are written too, as undefined.
		for (let index = 0; index < items.length; index += 1)
			this.write(items[index]);
	}

	protected listHead(length: number): void {
		if (length < 0x10) this.byte(0x90 | length);
		else this.#head(0xdb, length);
	}

	protected mapHead(size: number): void {
		if (size < 0x10) this.byte(0x80 | size);
		else this.#head(0xdd, size);
	}

	/** The head of raw bytes. */
	protected binaryHead(length: number): void {
		this.#head(0xc4, length);
	}

	/** The head of an extension of any length. */
	protected extensionHead(type: number, length: number): void {
		this.#head(0xc7, length);
		this.byte(type);
	}

	/** Writes a date as a timestamp; one that is none as an extension of that type too short to be one. */
	protected date(date: Date): void {
		const ms = date.getTime();
		if (Number.isNaN(ms)) {
			for (const byte of [0xd4, 0xff, 0xff]) this.byte(byte);
			return;
		}
		const seconds = Math.floor(ms / 1_000);
		const nanoseconds = (ms - seconds * 1_000) * 1_000_000;
		if (seconds >= 0 && seconds <= 0xffff_ffff && nanoseconds === 0) {
			this.byte(0xd6);
			this.byte(0xff);
			this.uint32(seconds);
			return;
		}
		this.extensionHead(0xff, 12);
		this.uint32(nanoseconds);
		this.#int64(BigInt(seconds));
	}

	/**
	 * The first of three neighbouring types by the size of the length, and that. Those of lists and maps have none for
	 * a length of one byte, and so begin one lower than they are.
	 */
	#head(first: number, length: number): void {
		this.#reserve(5);
		const bytes = this.#bytes;
		if (length < 0x100 && first !== 0xdb && first !== 0xdd) {
			bytes[this.#at++] = first;
			bytes[this.#at++] = length;
		} else if (length < 0x1_0000) {
			bytes[this.#at] = first + 1;
			this.#view.setUint16(this.#at + 1, length);
			this.#at += 3;
		} else {
			bytes[this.#at++] = first + 2;
			this.uint32(length);
		}
	}

	#object(value: object): void {
		if (this.seen(value)) return;
		if (this.#depth >= this.#options.maxDepth) throw tooDeep(this.#options);
		this.#depth += 1;
		if (Array.isArray(value)) this.list(value);
		else {
			const prototype: unknown = Object.getPrototypeOf(value);
			if (prototype === Object.prototype || prototype === null)
				this.record(value);
			else this.instance(value);
		}
		this.#depth -= 1;
	}

	#int32(value: number): void {
		this.#reserve(5);
		const bytes = this.#bytes;
		const view = this.#view;
		if (value >= 0) {
			if (value < this.#options.smallEnd) bytes[this.#at++] = value;
			else if (value < 0x100) {
				bytes[this.#at++] = 0xcc;
				bytes[this.#at++] = value;
			} else if (value < 0x1_0000) {
				bytes[this.#at++] = 0xcd;
				view.setUint16(this.#at, value);
				this.#at += 2;
			} else {
				bytes[this.#at++] = 0xce;
				this.uint32(value);
			}
		} else if (value >= -0x20) bytes[this.#at++] = value;
		else if (value >= -0x80) {
			bytes[this.#at++] = 0xd0;
			bytes[this.#at++] = value;
		} else if (value >= -0x8000) {
			bytes[this.#at++] = 0xd1;
			view.setInt16(this.#at, value);
			this.#at += 2;
		} else {
			bytes[this.#at++] = 0xd2;
			view.setInt32(this.#at, value);
			this.#at += 4;
		}
	}

	#bigint(value: bigint): void {
		const signed = BigInt.asIntN(64, value) === value;
		if (!signed && BigInt.asUintN(64, value) !== value) {
			this.hugeInteger(value);
			return;
		}
		this.byte(signed ? 0xd3 : 0xcf);
		this.#int64(value);
	}

	/** The lowest 64 bits. */
	#int64(value: bigint): void {
		this.#reserve(8);
		this.#view.setBigInt64(this.#at, value);
		this.#at += 8;
	}

	#encodedText(text: string): void {
		// The head has room for the length of a text of nothing but long characters.
		const most = LONGEST_CHARACTER * text.length;
		if (most > HAND_OVER_BYTES) {
			const bytes = encoder.encode(text);
			this.#head(0xd9, bytes.length);
			this.bytes(bytes);
			return;
		}
		const head = most < 0x100 ? 2 : 3;
		this.#reserve(head + most);
		const start = this.#at + head;
		const { written } = encoder.encodeInto(
			text,
			this.#bytes.subarray(start, start + most),
		);
		if (head === 2) {
			this.#bytes[this.#at] = 0xd9;
			this.#bytes[this.#at + 1] = written;
		} else {
			this.#bytes[this.#at] = 0xda;
			this.#view.setUint16(this.#at + 1, written);
		}
		this.#at = start + written;
	}

	#reserve(count: number): void {
		const wanted = this.#at + count;
		if (wanted <= this.#bytes.length) return;
		const written = this.lend();
		this.#allocate(Math.max(wanted, 2 * this.#bytes.length));
		this.#bytes.set(written);
	}

	#allocate(size: number): void {
		this.#bytes = new Uint8Array(size);
		this.#view = new DataView(this.#bytes.buffer);
	}
}

function tooDeep({ maxDepth }: WriterOptions): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`this value refers to itself, or is nested deeper than ${maxDepth}`,
	);
}
