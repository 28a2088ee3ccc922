import type { StandardSchemaV1 } from "@standard-schema/spec";

/** A JSON Schema (2020-12), as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Bounds that keep a registration within one control message: characters of JSON, and levels of nesting. */
const LONGEST = 32 * 1024;
const DEEPEST = 20;

/**
 * The JSON Schema of a Standard Schema, if its library can tell it: by Standard JSON Schema, or by a method of its own.
 * Undefined if it cannot, or what it tells is too much to announce.
 */
export function jsonSchemaOf(
	schema: StandardSchemaV1,
	direction: "input" | "output",
): JsonSchema | undefined {
	for (const emit of emitters(schema, direction)) {
		const emitted = attempt(emit);
		if (emitted !== undefined) return emitted;
	}
	return undefined;
}

/** Types without a word in JSON Schema, such as instances of a class, become "anything". */
const LENIENT = { unrepresentable: "any" };

function emitters(
	schema: object,
	direction: "input" | "output",
): (() => unknown)[] {
	const converter = at(at(schema, "~standard"), "jsonSchema");
	const options = { target: "draft-2020-12", libraryOptions: LENIENT };
	return [
		() => method(converter, direction, options),
		() => method(schema, "toJSONSchema", { io: direction, ...LENIENT }),
		() => method(schema, "toJsonSchema"),
	];
}

function attempt(emit: () => unknown): JsonSchema | undefined {
	try {
		const text = JSON.stringify(emit());
		if (text.length > LONGEST) return undefined;
		const { $schema: _, ...schema } = JSON.parse(text) as JsonSchema;
		return depthOf(schema) > DEEPEST ? undefined : schema;
	} catch {
		return undefined;
	}
}

function method(holder: unknown, name: string, options?: object): unknown {
	const found = at(holder, name);
	return typeof found === "function"
		? (Reflect.apply(found, holder, [options]) as unknown)
		: undefined;
}

function at(holder: unknown, key: string): unknown {
	return (typeof holder === "object" || typeof holder === "function") && holder
		? (Reflect.get(holder, key) as unknown)
		: undefined;
}

function depthOf(value: unknown): number {
	if (typeof value !== "object" || value === null) return 0;
	return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
