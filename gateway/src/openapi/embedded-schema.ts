import { atPointer } from "@easyremote/shared/functions";
import { plainMarkdown } from "./plain-markdown.js";

/** A JSON Schema (2020-12) as plain data. */
export type Schema = Readonly<Record<string, unknown>>;

/** Where a schema stands, and the whole of it. */
interface Place {
	readonly home: string;
	readonly root: unknown;
}

type Reader = (value: unknown, place: Place) => unknown;

/**
 * A stranger's JSON Schema, fit to stand at `home` (a JSON pointer) in a document: keywords that are not of JSON
 * Schema 2020-12, or whose values are not what it says, are left out; `#/…` becomes a pointer from the document's root;
 * references to elsewhere, and to nothing, are left out, so that no tool that reads the document fetches what a
 * stranger names, or stumbles.
 *
 * @param schema no deeper than a control message may be
 */
export function embeddedSchema(schema: unknown, home: string): Schema {
	return embed(schema, { home, root: schema });
}

function embed(schema: unknown, place: Place): Schema {
	if (!isRecord(schema)) return {};
	return mapEntries(schema, (key, value) => READERS.get(key)?.(value, place));
}

const schema: Reader = (value, place) =>
	typeof value === "boolean"
		? value
		: isRecord(value)
			? embed(value, place)
			: undefined;

const schemas: Reader = (value, place) =>
	isFilled(value) ? value.map((each) => schema(each, place) ?? {}) : undefined;

const schemaMap: Reader = (value, place) =>
	isRecord(value)
		? mapEntries(value, (_name, each) => schema(each, place))
		: undefined;

const text: Reader = (value) => (typeof value === "string" ? value : undefined);
const prose: Reader = (value) =>
	typeof value === "string" ? plainMarkdown(value) : undefined;
const flag: Reader = (value) =>
	typeof value === "boolean" ? value : undefined;
const number: Reader = (value) =>
	typeof value === "number" ? value : undefined;
const positive: Reader = (value) =>
	typeof value === "number" && value > 0 ? value : undefined;
const count: Reader = (value) =>
	Number.isInteger(value) && (value as number) >= 0 ? value : undefined;
const values: Reader = (value) => (isFilled(value) ? value : undefined);
const anything: Reader = (value) => value;
const names: Reader = (value) =>
	Array.isArray(value) && value.every((each) => typeof each === "string")
		? [...new Set(value)]
		: undefined;

const TYPES: readonly unknown[] = [
	"array",
	"boolean",
	"integer",
	"null",
	"number",
	"object",
	"string",
];
const type: Reader = (value) => {
	if (isFilled(value) && value.every((each) => TYPES.includes(each)))
		return [...new Set(value)];
	return TYPES.includes(value) ? value : undefined;
};

const reference: Reader = (value, { home, root }) => {
	if (typeof value !== "string" || !pointsIntoSchemas(value, root))
		return undefined;
	return `#${home}${value.slice(1)}`;
};

/** Whether `#` or `#/…` is the address of a schema that is kept. */
function pointsIntoSchemas(reference: string, root: unknown): boolean {
	return (
		/^#(\/|$)/.test(reference) && isRecord(atPointer(root, reference.slice(1)))
	);
}

const READERS: ReadonlyMap<string, Reader> = new Map([
	["$ref", reference],
	["$defs", schemaMap],
	["definitions", schemaMap],
	["type", type],
	["title", prose],
	["description", prose],
	["default", anything],
	["const", anything],
	["enum", values],
	["examples", values],
	["deprecated", flag],
	["readOnly", flag],
	["writeOnly", flag],
	["multipleOf", positive],
	["maximum", number],
	["exclusiveMaximum", number],
	["minimum", number],
	["exclusiveMinimum", number],
	["maxLength", count],
	["minLength", count],
	["pattern", text],
	["format", text],
	["contentEncoding", text],
	["contentMediaType", text],
	["contentSchema", schema],
	["prefixItems", schemas],
	["items", schema],
	["contains", schema],
	["maxItems", count],
	["minItems", count],
	["maxContains", count],
	["minContains", count],
	["uniqueItems", flag],
	["unevaluatedItems", schema],
	["properties", schemaMap],
	["patternProperties", schemaMap],
	["additionalProperties", schema],
	["unevaluatedProperties", schema],
	["propertyNames", schema],
	["maxProperties", count],
	["minProperties", count],
	["required", names],
	["dependentSchemas", schemaMap],
	["allOf", schemas],
	["anyOf", schemas],
	["oneOf", schemas],
	["not", schema],
	["if", schema],
	["then", schema],
	["else", schema],
]);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFilled(value: unknown): value is readonly unknown[] {
	return Array.isArray(value) && value.length > 0;
}

function mapEntries(
	record: Readonly<Record<string, unknown>>,
	map: (key: string, value: unknown) => unknown,
): Schema {
	return Object.fromEntries(
		Object.entries(record)
			.map(([key, value]) => [key, map(key, value)] as const)
			.filter(([, value]) => value !== undefined),
	);
}
