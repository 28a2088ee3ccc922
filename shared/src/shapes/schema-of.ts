import * as v from "valibot";
import type { Fields } from "./composed.js";
import { Mismatch } from "./mismatch.js";
import type { Shape, Shaped } from "./shape.js";

/** A shape as a part of a schema, for code that never reaches a page's first load: schemas tell of everything that is wrong. */
export function schemaOf<T>(shape: Shape<T>): v.GenericSchema<unknown, T> {
	return v.pipe(
		v.unknown(),
		v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
			const input = dataset.value;
			const read = shape(input);
			if (!(read instanceof Mismatch)) return read;
			const [first, ...more] = read.path.map((key) => pathItem(input, key));
			addIssue({ message: read.problem, path: first && [first, ...more] });
			return NEVER;
		}),
	);
}

/** The fields of an object as those of a schema, some of which may be replaced. */
export function schemasOf<F extends Fields>(
	fields: F,
): { readonly [K in keyof F]: v.GenericSchema<unknown, Shaped<F[K]>> } {
	const schemas = Object.entries(fields).map(([key, shape]) => {
		const schema = schemaOf(shape);
		return [key, "optional" in shape ? v.optional(schema) : schema];
	});
	return Object.fromEntries(schemas) as ReturnType<typeof schemasOf<F>>;
}

function pathItem(input: unknown, key: string | number): v.UnknownPathItem {
	return { type: "unknown", origin: "value", input, key, value: undefined };
}
