import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { MAX_BUNDLE_BYTES } from "@easyremote/shared/protocol";
import { build, type OutputChunk } from "rolldown";
import { shownBytes } from "../progress/byte-text.js";
import { ImportGuard } from "./import-guard.js";
import { wasmPlugin } from "./wasm-plugin.js";

/** How many modules are named when a bundle is too large. */
const NAMED = 5;

/** A module with all that it imports, as one ES module for browsers. */
export interface BundledModule {
	readonly code: string;
	/** Length of the code, bytes of UTF-8. */
	readonly bytes: number;
	/** Of the code, hex. */
	readonly sha256: string;
}

/**
 * Puts a module and everything it imports into one minified ES module: TypeScript, packages, JSON, `.wasm`, dynamic
 * imports. Throws INVALID_ARGUMENT for what cannot be read or found or is Node's own, RESOURCE_EXHAUSTED over 5 MiB.
 *
 * @param conditions under which packages export other files, besides "import", "browser" and "default"
 */
export async function bundleModule(
	file: string,
	conditions: readonly string[] = [],
): Promise<BundledModule> {
	const input = resolve(file);
	await mustBeReadable(input, file);
	const folder = dirname(input);
	const guard = new ImportGuard(folder);
	const chunk = await built(input, guard, conditions);
	guard.check([...chunk.imports, ...chunk.dynamicImports]);
	const bytes = Buffer.byteLength(chunk.code);
	if (bytes > MAX_BUNDLE_BYTES) throw tooLarge(bytes, chunk, folder);
	return {
		code: chunk.code,
		bytes,
		sha256: createHash("sha256").update(chunk.code).digest("hex"),
	};
}

async function mustBeReadable(input: string, file: string): Promise<void> {
	try {
		await readFile(input);
	} catch (cause) {
		const why = cause instanceof Error ? `: ${cause.message}` : "";
		throw new EasyRemoteError("INVALID_ARGUMENT", `cannot read ${file}${why}`, {
			cause,
		});
	}
}

async function built(
	input: string,
	guard: ImportGuard,
	conditions: readonly string[],
): Promise<OutputChunk> {
	try {
		const { output } = await build({
			input,
			write: false,
			platform: "browser",
			logLevel: "silent",
			plugins: [guard.plugin(), wasmPlugin()],
			resolve: {
				conditionNames: [
					...conditions,
					"import",
					"browser",
					"module",
					"default",
				],
			},
			transform: {
				target: "es2022",
				define: { "process.env.NODE_ENV": '"production"' },
			},
			output: { format: "esm", minify: true, codeSplitting: false },
		});
		return output[0];
	} catch (cause) {
		const text = cause instanceof Error ? cause.message : String(cause);
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`the module cannot be bundled: ${stripVTControlCharacters(text)}`,
			{ cause },
		);
	}
}

function tooLarge(
	bytes: number,
	{ modules }: OutputChunk,
	folder: string,
): EasyRemoteError {
	const largest = Object.entries(modules)
		.sort(([, one], [, other]) => other.renderedLength - one.renderedLength)
		.slice(0, NAMED)
		.map(
			([id, { renderedLength }]) =>
				`${relative(folder, id)} ${shownBytes(renderedLength)}`,
		);
	return new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		`the bundle takes ${shownBytes(bytes)}, at most ${shownBytes(MAX_BUNDLE_BYTES)} are allowed`,
		{
			hint: `largest before they were minified: ${largest.join(", ")}; pass data as arguments`,
			retryable: false,
		},
	);
}
