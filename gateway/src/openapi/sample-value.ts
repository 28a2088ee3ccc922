import type { Schema } from "./embedded-schema.js";

/** What to begin with where a schema gives no example, by its type. */
const BEGINNINGS: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
	["string", ""],
	["boolean", false],
	["null", null],
	["array", []],
]);

/** A value to begin with when trying a function: what its schema shows, or the plainest of its type. */
export function sampleValue(schema: unknown): unknown {
	if (typeof schema !== "object" || schema === null) return null;
	const { examples, default: usual, const: only, ...rest } = schema as Schema;
	for (const given of [first(examples), usual, only, first(rest["enum"])])
		if (given !== undefined) return given;
	const type = Array.isArray(rest["type"]) ? first(rest["type"]) : rest["type"];
	if (type === "object") return sampleObject(rest);
	if (type === "number" || type === "integer") return sampleNumber(rest);
	if (BEGINNINGS.has(type)) return BEGINNINGS.get(type);
	const variant = first(rest["anyOf"]) ?? first(rest["oneOf"]);
	return variant === undefined ? null : sampleValue(variant);
}

function sampleObject({ properties, required }: Schema): unknown {
	if (typeof properties !== "object" || properties === null) return {};
	const wanted = Array.isArray(required) ? required : [];
	return Object.fromEntries(
		Object.entries(properties)
			.filter(([name]) => wanted.includes(name))
			.map(([name, schema]) => [name, sampleValue(schema)]),
	);
}

function sampleNumber({ minimum, exclusiveMinimum }: Schema): number {
	if (typeof minimum === "number") return Math.max(minimum, 0);
	return typeof exclusiveMinimum === "number" && exclusiveMinimum >= 0
		? exclusiveMinimum + 1
		: 0;
}

function first(list: unknown): unknown {
	return Array.isArray(list) ? (list as unknown[])[0] : undefined;
}
