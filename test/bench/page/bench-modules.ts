import { readFile } from "node:fs/promises";
import type { BrowserContext } from "playwright-core";
import ts from "typescript";

/** A file of the benchmark, as pages ask for it. */
const MODULE = /^\/bench\/((?:[a-z]+\/)?[a-z0-9-]+)\.js$/;

/**
 * Gives a context the modules of this folder that the benchmark's page imports. The gateway does not: a compiler in its
 * memory would make it a slower one.
 */
export async function routeBenchModules(
	context: BrowserContext,
	gateway: string,
): Promise<void> {
	await context.route(`${gateway}/bench/**`, async (route) => {
		const { pathname } = new URL(route.request().url());
		const [, module] = MODULE.exec(pathname) ?? [];
		if (module === undefined) await route.continue();
		else
			await route.fulfill({
				body: await asJavaScript(module),
				contentType: "text/javascript",
			});
	});
}

/** A TypeScript file of this folder, without its types. */
export async function asJavaScript(module: string): Promise<string> {
	const source = new URL(`../${module}.ts`, import.meta.url);
	const { outputText } = ts.transpileModule(await readFile(source, "utf8"), {
		compilerOptions: {
			module: ts.ModuleKind.ESNext,
			target: ts.ScriptTarget.ES2023,
		},
	});
	return outputText;
}
