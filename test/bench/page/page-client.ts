import type { Browser, Page } from "playwright-core";
import { contextPermissions } from "../../support/chromium.js";
import type { LoadClient } from "../contender.js";
import { routeBenchModules } from "./bench-modules.js";

declare global {
	/** What the benchmark's page has put there. */
	interface Window {
		bench: Readonly<
			Record<string, ((argument: unknown) => Promise<unknown>) | undefined>
		>;
	}
}

/** A page that runs loads when asked. */
export class PageClient implements LoadClient {
	readonly #page: Page;

	private constructor(page: Page) {
		this.#page = page;
	}

	/** Opens the benchmark's page on a gateway's origin, in a context of its own. */
	static async open(browser: Browser, gateway: string): Promise<PageClient> {
		const context = await browser.newContext({
			permissions: contextPermissions,
		});
		await routeBenchModules(context, gateway);
		const page = await context.newPage();
		await page.goto(`${gateway}/bench/page`);
		await page.waitForFunction(() => "bench" in window);
		return new PageClient(page);
	}

	async ask<T>(command: string, argument?: unknown): Promise<T> {
		return (await this.#page.evaluate(
			([name, value]) => window.bench[String(name)]?.(value),
			[command, argument],
		)) as T;
	}

	close(): Promise<void> {
		return this.#page.context().close();
	}
}
