import type { Browser } from "playwright-core";
import { ProcessMemory } from "./process-memory.js";

/** Watches the processes that run a browser's pages and their Workers, from now on. */
export class TabMemory {
	readonly #renderers: readonly ProcessMemory[];

	private constructor(renderers: readonly ProcessMemory[]) {
		this.#renderers = renderers;
	}

	static async watch(browser: Browser): Promise<TabMemory> {
		return new TabMemory(
			(await rendererPids(browser)).map((pid) => new ProcessMemory(pid)),
		);
	}

	/** How far the one that took most has risen at most, bytes. */
	get risen(): number {
		return Math.max(...this.#renderers.map(({ risen }) => risen));
	}
}

/** The processes that may run a browser's pages: which of them do is not said, since some wait for pages to come. */
export async function rendererPids(browser: Browser): Promise<number[]> {
	const session = await browser.newBrowserCDPSession();
	const { processInfo } = await session.send("SystemInfo.getProcessInfo");
	await session.detach();
	return processInfo
		.filter(({ type }) => type === "renderer")
		.map(({ id }) => id);
}
