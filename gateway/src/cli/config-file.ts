import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { parseOptions } from "../config/parse-options.js";
import { FILE_SETTINGS, SETTINGS, settingsSchema } from "./settings-schema.js";

/** A config file as it was read: its values, with paths that hold from here. */
export interface ConfigFile {
	readonly path: string;
	readonly settings: Readonly<Record<string, unknown>>;
}

/** Reads settings written as JSON. Throws INVALID_ARGUMENT that names the file, and in it the key at fault. */
export function readConfigFile(path: string): ConfigFile {
	const settings = parse(path, read(path));
	parseOptions(settingsSchema, settings, `key in ${path}`);
	const folder = dirname(path);
	for (const { name, path: keys } of SETTINGS)
		if (FILE_SETTINGS.has(name)) rebase(settings, keys, folder);
	return { path, settings: settings as Record<string, unknown> };
}

function read(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : "unknown reason";
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`cannot read the config file ${path}: ${reason}`,
			{ cause },
		);
	}
}

/** What Node says of bad JSON repeats some of it, which may be a secret. */
function parse(path: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		const position = /at position (\d+)/.exec(String(cause))?.[1];
		const where = position === undefined ? "" : ` (at character ${position})`;
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`the config file ${path} is not JSON${where}`,
			{
				hint: "No comments, no comma behind the last entry, quotes around every key.",
			},
		);
	}
}

/** Makes the path of a file, if there is one at `keys`, one from `folder`. */
function rebase(
	settings: unknown,
	[key = "", ...rest]: readonly string[],
	folder: string,
): void {
	if (typeof settings !== "object" || settings === null) return;
	const inner = settings as Record<string, unknown>;
	if (rest.length > 0) rebase(inner[key], rest, folder);
	else if (typeof inner[key] === "string")
		inner[key] = resolve(folder, inner[key]);
}
