/** What a JSON Pointer (RFC 6901) leads to within a document, such as "/$defs/node"; undefined where that is nothing. */
export function atPointer(document: unknown, pointer: string): unknown {
	let found = document;
	for (const step of pointer.split("/").slice(1)) {
		const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
		if (typeof found !== "object" || found === null) return undefined;
		if (!Object.hasOwn(found, key)) return undefined;
		found = Reflect.get(found, key);
	}
	return found;
}
