/** A buffer of any kind as bytes, without a copy; undefined for everything else. */
export function bytesOf(value: unknown): Uint8Array | undefined {
	if (value instanceof ArrayBuffer) return new Uint8Array(value);
	if (!ArrayBuffer.isView(value)) return undefined;
	return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** A value as one line of JSON, in the forms that the REST door uses: bytes as `{"$bytes": base64}`. */
export function jsonOf(value: unknown): string {
	// What a function without a result gives: JSON has no word for it.
	if (value === undefined) return "null";
	return JSON.stringify(plain(value), jsonForms);
}

/** A value for people: text as it is, everything else as indented JSON; undefined is nothing at all. */
export function textOf(value: unknown): string {
	if (value === undefined) return "";
	if (typeof value === "string") return value;
	return JSON.stringify(plain(value), jsonForms, 2);
}

function jsonForms(_key: string, value: unknown): unknown {
	return plain(value);
}

/** What JSON does not know, as what comes nearest. */
function plain(value: unknown): unknown {
	if (typeof value === "bigint") return value.toString();
	if (value instanceof Map) return Object.fromEntries(value);
	if (value instanceof Set) return [...value];
	if (value instanceof Error)
		return { name: value.name, message: value.message };
	const bytes = bytesOf(value);
	return bytes
		? {
				$bytes: Buffer.from(
					bytes.buffer,
					bytes.byteOffset,
					bytes.length,
				).toString("base64"),
			}
		: value;
}
