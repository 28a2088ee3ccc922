/** Where the value of a setting came from, the strongest first. */
export type SettingOrigin =
	| { readonly source: "flag" | "environment" | "file"; readonly name: string }
	| { readonly source: "default" };

/** In words: a flag, a variable, a file, or "default". */
export function describeOrigin(origin: SettingOrigin): string {
	return origin.source === "default" ? "default" : origin.name;
}
