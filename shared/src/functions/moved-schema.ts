import type { JsonSchema } from "./json-schema.js";

/** Keywords whose values are data: what looks like a reference in them is none. */
const DATA: ReadonlySet<string> = new Set([
	"const",
	"default",
	"enum",
	"examples",
]);

/**
 * A JSON Schema as it reads within a larger one, where it stands at `pointer` (RFC 6901, such as "/prefixItems/0"):
 * references to its own root and to what is in it lead there.
 */
export function movedSchema(schema: JsonSchema, pointer: string): JsonSchema {
	return Object.fromEntries(
		Object.entries(schema).map(([key, value]) => [
			key,
			moved(key, value, pointer),
		]),
	);
}

function moved(key: string, value: unknown, pointer: string): unknown {
	if (key === "$ref" && typeof value === "string")
		return value === "#" || value.startsWith("#/")
			? `#${pointer}${value.slice(1)}`
			: value;
	if (DATA.has(key) || typeof value !== "object" || value === null)
		return value;
	if (Array.isArray(value))
		return value.map((each: unknown) => moved("", each, pointer));
	return movedSchema(value as JsonSchema, pointer);
}
