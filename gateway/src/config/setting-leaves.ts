import type * as v from "valibot";

/** One setting that has a value of its own, such as `limits.maxConnections`, and what it is called where. */
export interface SettingLeaf {
	/** Its keys from the top. */
	readonly path: readonly string[];
	/** `limits.maxConnections`: in a config file, and in messages. */
	readonly name: string;
	/** `limitsMaxConnections`: how a parsed command line calls it. */
	readonly attribute: string;
	/** `--limits-max-connections`. */
	readonly flag: string;
	/** `EASYREMOTE_LIMITS_MAX_CONNECTIONS`. */
	readonly variable: string;
	readonly schema: v.GenericSchema;
}

/**
 * All settings of a schema, objects taken apart: whatever is added there is a flag and a variable by that. What may be
 * an object or something else is one setting, and given as JSON.
 */
export function settingLeaves(
	entries: Readonly<Record<string, unknown>>,
	above: readonly string[] = [],
): readonly SettingLeaf[] {
	return Object.entries(entries).flatMap(([key, entry]) => {
		const path = [...above, key];
		const schema = unwrapped(entry as v.GenericSchema);
		return "entries" in schema
			? settingLeaves(schema.entries as Record<string, unknown>, path)
			: [leafAt(path, entry as v.GenericSchema)];
	});
}

function leafAt(path: readonly string[], schema: v.GenericSchema): SettingLeaf {
	const words = path.flatMap((key) =>
		key.split(/(?=[A-Z])/).map((word) => word.toLowerCase()),
	);
	const [first = "", ...rest] = path;
	return {
		path,
		name: path.join("."),
		attribute: first + rest.map(capitalised).join(""),
		flag: `--${words.join("-")}`,
		variable: `EASYREMOTE_${words.join("_").toUpperCase()}`,
		schema,
	};
}

function unwrapped(schema: v.GenericSchema): v.GenericSchema {
	return "wrapped" in schema
		? unwrapped(schema.wrapped as v.GenericSchema)
		: schema;
}

function capitalised(word: string): string {
	return word.charAt(0).toUpperCase() + word.slice(1);
}
