import { binaryBytes, isBinary } from "./binary-kinds.js";
import { errorToFields } from "./error-fields.js";
import { type Fields, MsgpackWriter } from "./msgpack-writer.js";
import { MAX_VALUE_DEPTH } from "./value-limits.js";

/** Whatever a value of a user's lies in. */
const WRAPPING_DEPTH = 4;

/**
 * Writes MessagePack that any language reads: objects as maps without the fields that are undefined. What it has no
 * word for becomes what it becomes in JSON (`encodeJson`).
 */
export class PlainWriter extends MsgpackWriter {
	constructor() {
		super({ maxDepth: MAX_VALUE_DEPTH + WRAPPING_DEPTH, smallEnd: 0x80 });
	}

	protected nothing(): void {
		this.byte(0xc0);
	}

	/** MessagePack's integers end at 64 bits. */
	protected hugeInteger(value: bigint): void {
		this.text(value.toString());
	}

	protected record(value: object): void {
		const fields = value as Fields;
		const keys = Object.keys(fields).filter((key) => fields[key] !== undefined);
		this.mapHead(keys.length);
		for (const key of keys) {
			this.text(key);
			this.write(fields[key]);
		}
	}

	protected instance(value: object): void {
		if (isBinary(value)) {
			const bytes = binaryBytes(value);
			this.binaryHead(bytes.length);
			this.bytes(bytes);
		} else if (value instanceof Date) this.date(value);
		else if (value instanceof Map) this.#map(value);
		else if (value instanceof Set)
			this.list([...(value as ReadonlySet<unknown>)]);
		else if (value instanceof RegExp) this.text(value.source);
		else if (value instanceof Error) {
			const [name, message, cause, fields] = errorToFields(value);
			this.record({ ...fields, name, message, cause });
		} else this.other(value);
	}

	#map(map: ReadonlyMap<unknown, unknown>): void {
		const entries = [...map];
		if (entries.every(([key]) => typeof key === "string"))
			this.record(Object.fromEntries(entries) as object);
		else this.list(entries);
	}
}
