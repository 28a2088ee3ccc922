import type { Gateway } from "@easyremote/gateway";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { asJavaScript } from "./as-javascript.js";
import { contextPermissions } from "./chromium.js";
import type { Closeable } from "./network.js";

declare global {
	/** What a test page has loaded from the gateway. */
	interface Window {
		easyremote: typeof import("@easyremote/client");
		browserNode: typeof import("@easyremote/browser-node");
		probe: typeof import("./path-probe.js");
		volume: typeof import("./volume.js");
	}
}

const PAGE = `<!doctype html><title>test</title>
<script type="module">
import * as easyremote from "/client.js";
import * as browserNode from "/browser-node.js";
import * as probe from "/test/path-probe.js";
import * as volume from "/test/volume.js";
Object.assign(window, { easyremote, browserNode, probe, volume });
</script>`;

/** Modules of this folder that pages may import, as JavaScript. */
const MODULES = ["path-probe", "functions", "volume"] as const;

/** Adds to the gateway the page that {@link openPage} opens, and what it imports. */
export async function addTestPage(gateway: Gateway): Promise<void> {
	gateway.app.get("/test/page", (context) => context.html(PAGE));
	for (const name of MODULES) {
		const script = await asJavaScript(new URL(`${name}.ts`, import.meta.url));
		gateway.app.get(`/test/${name}.js`, (context) =>
			context.body(script, 200, { "content-type": "text/javascript" }),
		);
	}
}

/** A page on a gateway's origin with the client in `window.easyremote`; `problems` has its errors. */
export interface OpenPage extends Closeable {
	readonly page: Page;
	readonly context: BrowserContext;
	readonly problems: readonly string[];
}

/** Opens a page in a context of its own. `script` runs in it, and in its frames, before anything else. */
export async function openPage(
	browser: Browser,
	gateway: string,
	script?: () => void,
): Promise<OpenPage> {
	const context = await browser.newContext({ permissions: contextPermissions });
	const problems: string[] = [];
	try {
		if (script) await context.addInitScript(script);
		const page = await context.newPage();
		page.on("pageerror", (error) => problems.push(error.message));
		page.on("response", (response) => {
			if (!response.ok())
				problems.push(`${response.status()} for ${response.url()}`);
		});
		await page.goto(`${gateway}/test/page`);
		await page.waitForFunction(() => "easyremote" in window);
		return { page, context, problems, close: () => context.close() };
	} catch (error) {
		await context.close();
		throw new Error(`the test page did not open: ${problems.join("; ")}`, {
			cause: error,
		});
	}
}
