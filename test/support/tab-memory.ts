import type { Browser } from "playwright-core";
import { ProcessMemory } from "./process-memory.js";

/** Watches the processes that run a browser's pages and their Workers, from now on. */
export class TabMemory {
	readonly #renderers: readonly ProcessMemory[];

	private constructor(renderers: readonly ProcessMemory[]) {
		this.#renderers = renderers;
	}

	static async watch(browser: Browser): Promise<TabMemory> {
		const session = await browser.newBrowserCDPSession();
		const { processInfo } = await session.send("SystemInfo.getProcessInfo");
		await session.detach();
		// Which of them runs a page is not said: some wait for pages to come.
		return new TabMemory(
			processInfo
				.filter(({ type }) => type === "renderer")
				.map(({ id }) => new ProcessMemory(id)),
		);
	}

	/** How far the one that took most has risen at most, bytes. */
	get risen(): number {
		return Math.max(...this.#renderers.map(({ risen }) => risen));
	}
}
