import type { Gateway } from "@easyremote/gateway";
import type { BrowserContext, Page } from "playwright-core";
import type { ListeningSink } from "./sinks.js";
import { attemptModule, type Sink, type WayOut } from "./way-out.js";

/** How long a page stays open for what it has begun, ms; up to so many times while nothing is heard of it. */
const WAIT_MS = 500;
const MOST_WAITS = 10;

/** What an attempt says of itself. */
export interface Attempt {
	readonly got?: string;
	readonly refused?: string;
}

/** Adds a page that nothing holds back. */
export function addOpenPage(gateway: Gateway): void {
	gateway.app.get("/test/open", (context) =>
		context.html("<!doctype html><title>open</title><body></body>"),
	);
	gateway.app.get("/test/module.js", (context) =>
		context.body("", 200, { "content-type": "text/javascript" }),
	);
}

/** Makes an attempt where its way leads out, in a page of its own. Another page of the context has hidden the secret. */
export async function attemptOutside(
	context: BrowserContext,
	gateway: string,
	way: WayOut,
	{ sink, heard }: ListeningSink,
): Promise<Attempt> {
	const page = await context.newPage();
	try {
		const attempt = await attemptIn(page, gateway, way, sink);
		const done = () =>
			heard.length > 0 || attempt.got?.includes(sink.secret) === true;
		// How soon something gets out depends on how busy the machine is.
		for (let waits = 0; waits < MOST_WAITS; waits += 1) {
			await page.waitForTimeout(WAIT_MS);
			if (done()) break;
		}
		return attempt;
	} finally {
		await page.close();
	}
}

async function attemptIn(
	page: Page,
	gateway: string,
	way: WayOut,
	sink: Sink,
): Promise<Attempt> {
	try {
		await page.goto(`${gateway}/test/open`);
		await page.evaluate(
			(secret) => sessionStorage.setItem("secret", secret),
			sink.secret,
		);
		const code = attemptModule(way, sink);
		const plain = code.replace("export const attempt", "const attempt");
		if (way.control === "page")
			return await page.evaluate(
				`{${plain}; attempt(${JSON.stringify(sink)})}`,
			);
		const type = way.control === "worker" ? "module" : "classic";
		return await page.evaluate(
			({ source, about, kind }) =>
				new Promise<Attempt>((resolve) => {
					const url = URL.createObjectURL(
						new Blob([source], { type: "text/javascript" }),
					);
					const worker = new Worker(url, { type: kind });
					worker.onmessage = ({ data }: MessageEvent<Attempt>) => resolve(data);
					worker.onerror = ({ message }) => resolve({ refused: message });
					worker.postMessage(about);
				}),
			{
				source: `${plain}; onmessage = async ({ data }) => { postMessage(await attempt(data)) };`,
				about: sink,
				kind: type,
			} as const,
		);
	} catch (error) {
		// Where the way led elsewhere, nothing is left to answer.
		return { refused: String(error) };
	}
}
