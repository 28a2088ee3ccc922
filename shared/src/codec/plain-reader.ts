import { HEAP_COST } from "./msgpack-layout.js";
import { MsgpackReader } from "./msgpack-reader.js";

/** Reads MessagePack of any language: maps become objects, integers numbers. Binary is a view of what came in. */
export class PlainReader extends MsgpackReader {
	protected small(token: number): number {
		return token;
	}

	protected integer(value: bigint): number {
		return Number(value);
	}

	protected binary(length: number): Uint8Array {
		return this.take(length);
	}

	protected map(size: number, depth: number): object {
		this.spend(HEAP_COST.object + size * HEAP_COST.key);
		const inner = this.deeper(depth);
		const object: Record<string, unknown> = {};
		for (let index = 0; index < size; index += 1)
			object[this.key()] = this.value(inner);
		return object;
	}

	protected extension(type: number): never {
		this.unknownExtension(type);
	}
}
