import { EasyRemoteError } from "@easyremote/shared/errors";
import type { BuiltFile } from "./built-files.js";

/** Where files are looked for. */
export interface FileSource {
	find(path: string): Promise<BuiltFile | undefined>;
}

/**
 * The file from the first source that has it. Throws NOT_FOUND.
 *
 * @param makers who builds such files, with its verb, for the hint: "the gateway is"
 */
export async function findFile(
	sources: readonly FileSource[],
	path: string,
	makers: string,
): Promise<BuiltFile> {
	for (const source of sources) {
		const file = await source.find(path);
		if (file) return file;
	}
	throw new EasyRemoteError(
		"NOT_FOUND",
		`there is no file ${path.slice(0, 200)} here`,
		{ hint: `If it should be there, ${makers} not built: npm run build.` },
	);
}
