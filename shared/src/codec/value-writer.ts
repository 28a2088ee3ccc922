import { bytesOfBigInt } from "./big-integer.js";
import {
	type Binary,
	binaryBytes,
	binaryKind,
	isBinary,
} from "./binary-kinds.js";
import { errorToFields } from "./error-fields.js";
import {
	ATTACHMENT_BYTES,
	EXTENSION,
	FIRST_RECORD,
	PLACEHOLDER_BYTES,
} from "./msgpack-layout.js";
import { type Fields, MsgpackWriter } from "./msgpack-writer.js";
import { RecordShapes } from "./record-shapes.js";
import { MAX_VALUE_DEPTH } from "./value-limits.js";

/** Writes values of users so that JavaScript's types survive (PROTOCOL.md §6). */
export class ValueWriter extends MsgpackWriter {
	readonly #shapes = new RecordShapes();
	#attachments: Uint8Array[] | undefined;

	constructor() {
		super({ maxDepth: MAX_VALUE_DEPTH, smallEnd: FIRST_RECORD });
	}

	/** The binary that stays out of the body, in order: views, no copies. */
	get attachments(): readonly Uint8Array[] {
		return this.#attachments ?? [];
	}

	override reset(): void {
		super.reset();
		this.#shapes.clear();
		this.#attachments = undefined;
	}

	protected nothing(): void {
		this.#tag(EXTENSION.undefined);
	}

	protected hugeInteger(value: bigint): void {
		const bytes = bytesOfBigInt(value);
		this.extensionHead(EXTENSION.bigint, bytes.length);
		this.bytes(bytes);
	}

	protected record(value: object): void {
		const keys = Object.keys(value);
		const shape = this.#shapes.of(keys);
		if (this.#shapes.isCurrent(shape)) this.byte(FIRST_RECORD + shape.id);
		else {
			this.#shapes.name(shape);
			this.#tag(EXTENSION.record, FIRST_RECORD + shape.id);
			this.listHead(keys.length);
			for (const key of keys) this.text(key);
		}
		const fields = value as Fields;
		for (const key of keys) this.write(fields[key]);
	}

	protected instance(value: object): void {
		if (isBinary(value)) this.#binary(value);
		else if (value instanceof Date) this.date(value);
		else if (value instanceof Map) this.#map(value);
		else if (value instanceof Set) {
			this.#tag(EXTENSION.set);
			this.list([...(value as ReadonlySet<unknown>)]);
		} else if (value instanceof Error) {
			this.#tag(EXTENSION.error);
			this.list(errorToFields(value));
		} else if (value instanceof RegExp) {
			this.#tag(EXTENSION.regexp);
			this.list([value.source, value.flags]);
		} else this.other(value);
	}

	/** Marks that what follows is more than it seems. */
	#tag(type: number, mark = 0): void {
		this.byte(0xd4);
		this.byte(type);
		this.byte(mark);
	}

	#map(map: ReadonlyMap<unknown, unknown>): void {
		this.mapHead(map.size);
		for (const [key, value] of map) {
			this.write(key);
			this.write(value);
		}
	}

	#binary(value: Binary): void {
		const bytes = binaryBytes(value);
		if (bytes.length >= ATTACHMENT_BYTES) {
			this.#attachments ??= [];
			this.extensionHead(EXTENSION.attachment, PLACEHOLDER_BYTES);
			this.byte(binaryKind(value));
			this.uint32(this.#attachments.length);
			this.float64(bytes.length);
			this.#attachments.push(bytes);
		} else {
			this.extensionHead(EXTENSION.binary, bytes.length + 1);
			this.byte(binaryKind(value));
			this.bytes(bytes);
		}
	}
}
