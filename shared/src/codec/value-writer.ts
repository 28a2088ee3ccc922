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
	NAME_BYTES,
	PLACEHOLDER_BYTES,
} from "./msgpack-layout.js";
import { type Fields, MsgpackWriter } from "./msgpack-writer.js";
import { References } from "./references.js";
import { Shapes } from "./shapes.js";
import { MAX_VALUE_DEPTH } from "./value-limits.js";

/** The two formats whose bodies are MessagePack; `structured` keeps cycles and shared references. */
export type MsgpackFormat = "msgpack" | "structured";

/** Writes values of users so that JavaScript's types survive (PROTOCOL.md §6). */
export class ValueWriter extends MsgpackWriter {
	readonly #shapes = new Shapes();
	readonly #references: References | undefined;
	#attachments: Uint8Array[] | undefined;

	constructor(format: MsgpackFormat) {
		super({
			maxDepth: MAX_VALUE_DEPTH,
			smallEnd: FIRST_RECORD,
			...(format === "structured"
				? {}
				: {
						tooDeepHint:
							'the format "structured" keeps values that refer to themselves',
					}),
		});
		this.#references = format === "structured" ? new References() : undefined;
	}

	/** The binary that stays out of the body, in order: views, no copies. */
	get attachments(): readonly Uint8Array[] {
		return this.#attachments ?? [];
	}

	override take(): Uint8Array {
		const { named } = this.#references ?? {};
		return named && named.length > 0
			? withNames(this.lend(), named)
			: super.take();
	}

	override reset(): void {
		super.reset();
		this.#shapes.clear();
		this.#references?.clear();
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

	protected override seen(value: object): boolean {
		const id = this.#references?.meet(value, this.position);
		if (id === undefined) return false;
		this.byte(0xd6);
		this.byte(EXTENSION.referenceTo);
		this.uint32(id);
		return true;
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

/** `body` with ids put before those values that are referred to. */
function withNames(
	body: Uint8Array,
	named: readonly { readonly at: number; readonly id: number }[],
): Uint8Array {
	const whole = new Uint8Array(body.length + named.length * NAME_BYTES);
	const view = new DataView(whole.buffer);
	let read = 0;
	let written = 0;
	for (const { at, id } of [...named].sort((a, b) => a.at - b.at)) {
		whole.set(body.subarray(read, at), written);
		written += at - read;
		read = at;
		view.setUint8(written, 0xd6);
		view.setUint8(written + 1, EXTENSION.referenced);
		view.setUint32(written + 2, id);
		written += NAME_BYTES;
	}
	whole.set(body.subarray(read), written);
	return whole;
}
