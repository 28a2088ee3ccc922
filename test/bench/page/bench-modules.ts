import type { BrowserContext } from "playwright-core";
import { asJavaScript } from "../../support/as-javascript.js";

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
				body: await asJavaScript(new URL(`../${module}.ts`, import.meta.url)),
				contentType: "text/javascript",
			});
	});
}
