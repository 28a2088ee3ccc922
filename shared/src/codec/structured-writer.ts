import { EXTENSION, NAME_BYTES } from "./msgpack-layout.js";
import { References } from "./references.js";
import { ValueWriter } from "./value-writer.js";

/** Writes values whose parts may refer to each other: a thing that is there already is written as its id. */
export class StructuredWriter extends ValueWriter {
	readonly #references = new References();

	override take(): Uint8Array {
		const { named } = this.#references;
		return named.length > 0 ? withNames(this.lend(), named) : super.take();
	}

	override reset(): void {
		super.reset();
		this.#references.clear();
	}

	protected override seen(value: object): boolean {
		const id = this.#references.meet(value, this.position);
		if (id === undefined) return false;
		this.byte(0xd6);
		this.byte(EXTENSION.referenceTo);
		this.uint32(id);
		return true;
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
