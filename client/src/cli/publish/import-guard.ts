import { isBuiltin } from "node:module";
import { relative } from "node:path";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Plugin } from "rolldown";

/** Watches for imports that a tab cannot follow: Node's own modules, and what is not there. */
export class ImportGuard {
	readonly #folder: string;
	/** By what is imported, who does first. */
	readonly #importers = new Map<string, string>();
	readonly #required = new Set<string>();

	/** @param folder that paths are shown from */
	constructor(folder: string) {
		this.#folder = folder;
	}

	/** Notes each such import and leaves it as it is: what imports it may be code that nobody needs. */
	plugin(): Plugin {
		const note = (specifier: string, importer: string, kind: string) => {
			if (!this.#importers.has(specifier))
				this.#importers.set(specifier, importer);
			if (kind === "require-call") this.#required.add(specifier);
			return { id: specifier, external: true };
		};
		return {
			name: "easyremote-import-guard",
			resolveId: {
				order: "pre",
				async handler(specifier, importer, { kind }) {
					if (importer === undefined) return null;
					// A package may bear the name of a built-in module, as "buffer" does; not after "node:".
					const found = specifier.startsWith("node:")
						? null
						: await this.resolve(specifier, importer, { kind, skipSelf: true });
					return found && found.external === false
						? found
						: note(specifier, importer, kind);
				},
			},
		};
	}

	/**
	 * Throws INVALID_ARGUMENT if a tab would look for anything in vain.
	 *
	 * @param imports what the bundle still imports
	 */
	check(imports: readonly string[]): void {
		// A bundle with dynamic imports inside imports itself as well.
		const [specifier] = [...imports, ...this.#required].filter((each) =>
			this.#importers.has(each),
		);
		if (specifier === undefined) return;
		const importer = this.#importers.get(specifier) ?? this.#folder;
		const what = `"${specifier}", imported by ${relative(this.#folder, importer)},`;
		throw isBuiltin(specifier)
			? new EasyRemoteError(
					"INVALID_ARGUMENT",
					`${what} is a part of Node.js, but published functions run in browsers`,
					{
						hint: "use what browsers have in its place, or a package that does",
					},
				)
			: new EasyRemoteError("INVALID_ARGUMENT", `${what} was not found`, {
					hint: "install the package, or correct the path",
				});
	}
}
