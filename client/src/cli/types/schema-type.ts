// Own code and not json-schema-to-typescript: that would bring prettier, 8 MB, to everybody who installs the client.
import { atPointer } from "@easyremote/shared/functions";

type Schema = Readonly<Record<string, unknown>>;

/**
 * The TypeScript type of a JSON Schema (2020-12), in one line. What TypeScript cannot say (ranges, patterns, formats) is
 * left out; what is not understood is `unknown`.
 *
 * @example
 * schemaType({ type: "array", items: { type: "number" } }); // "number[]"
 */
export function schemaType(schema: unknown): string {
	return new SchemaReader(schema).type(schema);
}

/** The parameters of a function whose arguments the schema describes as one array: "arg1: number, arg2?: string". */
export function parameterList(schema: unknown): string {
	if (!isSchema(schema)) return "...args: unknown[]";
	const items = list(schema["prefixItems"]);
	if (!items) return `...args: ${arrayOf(schemaType(schema["items"]))}`;
	const required = schema["minItems"];
	const least = typeof required === "number" ? required : items.length;
	const reader = new SchemaReader(schema);
	return items
		.map((item, index) => {
			const mark = index < least ? "" : "?";
			return `arg${index + 1}${mark}: ${reader.type(item)}`;
		})
		.join(", ");
}

class SchemaReader {
	readonly #root: unknown;
	/** References being followed: a type that contains itself cannot be written in one line. */
	readonly #following: string[] = [];

	constructor(root: unknown) {
		this.#root = root;
	}

	type(schema: unknown): string {
		if (!isSchema(schema)) return schema === false ? "never" : "unknown";
		const reference = schema["$ref"];
		if (typeof reference === "string") return this.#referred(reference);
		if ("const" in schema) return literal(schema["const"]);
		const choices = list(schema["enum"]);
		if (choices) return union(choices.map(literal));
		const either = list(schema["anyOf"]) ?? list(schema["oneOf"]);
		if (either) return union(either.map((one) => this.type(one)));
		const all = list(schema["allOf"]);
		if (all) return all.map((one) => bracketed(this.type(one))).join(" & ");
		const kinds = list(schema["type"]) ?? [schema["type"]];
		return union(kinds.map((kind) => this.#ofKind(kind, schema)));
	}

	#ofKind(kind: unknown, schema: Schema): string {
		switch (kind) {
			case "string":
			case "number":
			case "boolean":
			case "null":
				return kind;
			case "integer":
				return "number";
			case "array":
				return this.#array(schema);
			case "object":
				return this.#object(schema);
			default:
				return "unknown";
		}
	}

	#array(schema: Schema): string {
		const items = list(schema["prefixItems"]);
		if (items) return `[${items.map((item) => this.type(item)).join(", ")}]`;
		return arrayOf(this.type(schema["items"]));
	}

	#object(schema: Schema): string {
		const properties = schema["properties"];
		const required = list(schema["required"]) ?? [];
		const rest = schema["additionalProperties"];
		if (!isSchema(properties) || Object.keys(properties).length === 0)
			return `Record<string, ${rest === false ? "never" : this.type(rest)}>`;
		const fields = Object.entries(properties).map(([key, value]) => {
			const mark = required.includes(key) ? "" : "?";
			return `${JSON.stringify(key)}${mark}: ${this.type(value)}`;
		});
		return `{ ${fields.join("; ")} }`;
	}

	#referred(reference: string): string {
		if (this.#following.includes(reference)) return "unknown";
		this.#following.push(reference);
		const type = this.type(
			reference.startsWith("#")
				? atPointer(this.#root, reference.slice(1))
				: undefined,
		);
		this.#following.pop();
		return type;
	}
}

function isSchema(value: unknown): value is Schema {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] | undefined {
	return Array.isArray(value) && value.length > 0 ? value : undefined;
}

function literal(value: unknown): string {
	return typeof value === "object" && value !== null
		? "unknown"
		: JSON.stringify(value);
}

function union(types: readonly string[]): string {
	const distinct = [...new Set(types)];
	return distinct.includes("unknown") ? "unknown" : distinct.join(" | ");
}

function arrayOf(type: string): string {
	return `${bracketed(type)}[]`;
}

function bracketed(type: string): string {
	return / [|&] /.test(type) ? `(${type})` : type;
}
