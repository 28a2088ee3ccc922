import { fileURLToPath } from "node:url";
import { EasyRemoteError } from "@easyremote/shared/errors";

const TYPESCRIPT = /\.[cm]?tsx?$/;

let typescriptReady: Promise<void> | undefined;

/** `tsx/esm/api`'s import into a module graph of its own. */
type ImportAnew = (url: string, parent: string) => Promise<object>;

/**
 * Imports a module of functions by its URL; TypeScript is compiled on the way, by tsx. The answer is its exports.
 * Throws INVALID_ARGUMENT, with what went wrong as its cause, when it cannot be loaded.
 *
 * @param anew the module is evaluated once more, with all that it imports. What was there before stays in memory.
 */
export async function loadModule(url: string, anew = false): Promise<object> {
	try {
		if (anew) {
			const { tsImport } = (await import("tsx/esm/api")) as {
				tsImport: ImportAnew;
			};
			return exportsOf(await tsImport(url, import.meta.url));
		}
		if (TYPESCRIPT.test(new URL(url).pathname)) {
			typescriptReady ??= takeTypescript();
			await typescriptReady;
		}
		return exportsOf((await import(url)) as object);
	} catch (error) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`cannot load ${readable(url)}: ${error instanceof Error ? error.message : String(error)}`,
			{ cause: error },
		);
	}
}

/** TypeScript in a package without `"type": "module"` counts as CommonJS, which has a loader of its own. */
async function takeTypescript(): Promise<void> {
	const [commonJs, modules] = await Promise.all([
		import("tsx/cjs/api"),
		import("tsx/esm/api"),
	]);
	commonJs.register();
	modules.register();
}

/** What a module exports; if it was compiled to CommonJS, Node shows that as its default export only. */
function exportsOf(module: object): object {
	const inner: unknown = Reflect.get(module, "default");
	return typeof inner === "object" &&
		inner !== null &&
		Reflect.get(inner, "__esModule") === true
		? inner
		: module;
}

function readable(url: string): string {
	return url.startsWith("file:") ? fileURLToPath(url) : url;
}
