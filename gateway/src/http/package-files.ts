import { createRequire } from "node:module";
import { dirname } from "node:path";
import { type BuiltFile, BuiltFiles } from "./built-files.js";

const { resolve } = createRequire(import.meta.url);

/**
 * The folder of built files around one that a package exports. None of the package's code is run here: it is for
 * browsers, this process only hands it out. Looked for anew until found, so that a build may come after the start.
 */
export class PackageFiles {
	readonly #entry: string;
	#files: BuiltFiles | undefined;

	/** @param entry an exported file, such as `@easyremote/browser-node/pages/donate.html` */
	constructor(entry: string) {
		this.#entry = entry;
	}

	/** A file of the folder; undefined if it is not there, or the package is not installed or not built. */
	async find(path: string): Promise<BuiltFile | undefined> {
		this.#files ??= this.#locate();
		return this.#files?.find(path);
	}

	#locate(): BuiltFiles | undefined {
		try {
			return new BuiltFiles(dirname(resolve(this.#entry)));
		} catch {
			// Not resolvable means not installed or not built: the answer to the request says so.
			return undefined;
		}
	}
}
