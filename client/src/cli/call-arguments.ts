import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Surroundings } from "./surroundings.js";

/**
 * Arguments of a call from the command line: JSON, `@file` for the bytes of a file, `-` for those of standard
 * input. Throws INVALID_ARGUMENT that says how to write what was probably meant.
 */
export async function readArguments(
	words: readonly string[],
	surroundings: Pick<Surroundings, "readFile" | "readInput">,
): Promise<readonly unknown[]> {
	if (words.filter((word) => word === "-").length > 1)
		throw invalid("standard input (-) can be one argument only");
	const args: unknown[] = [];
	for (const [index, word] of words.entries()) {
		if (word === "-") args.push(await surroundings.readInput());
		else if (word.startsWith("@"))
			args.push(await readBytes(word.slice(1), surroundings));
		else args.push(readJson(word, index + 1));
	}
	return args;
}

async function readBytes(
	path: string,
	{ readFile }: Pick<Surroundings, "readFile">,
): Promise<Uint8Array> {
	try {
		return await readFile(path);
	} catch (cause) {
		const why = cause instanceof Error ? `: ${cause.message}` : "";
		throw invalid(`cannot read ${path}${why}`, undefined, cause);
	}
}

function readJson(word: string, position: number): unknown {
	try {
		return JSON.parse(word) as unknown;
	} catch {
		throw invalid(
			`argument ${position} is not JSON: ${word.slice(0, 100)}`,
			`a text is written with its quotes, in the shell as '${JSON.stringify(word.slice(0, 100))}'; @FILE sends the bytes of a file`,
		);
	}
}

function invalid(
	message: string,
	hint?: string,
	cause?: unknown,
): EasyRemoteError {
	return new EasyRemoteError("INVALID_ARGUMENT", message, { hint, cause });
}
