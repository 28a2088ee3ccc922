import { fileURLToPath } from "node:url";
import type { Gateway } from "@easyremote/gateway";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build, defaultClientConditions } from "vite";
import { Network } from "../network.js";
import { type Gate, gate } from "../gate.js";
import type {
	SeriesReport,
	TestBundle,
	TestCall,
	TestOutcome,
} from "./bench-port.js";

/** Where the page posts how a series went. */
const REPORT = "/test/bench/report";

export interface BenchOptions {
	/** Path of another sandbox than the gateway's. */
	readonly sandbox?: string | undefined;
	/** Adds to the gateway before it listens. */
	readonly prepare?: (gateway: Gateway) => void;
}

/** A page that runs published code in its sandbox, on the origin of a gateway and under the policy of its pages. */
export class SandboxBench {
	readonly network: Network;
	readonly context: BrowserContext;
	readonly page: Page;
	readonly #report: Gate<SeriesReport>;

	private constructor(
		network: Network,
		context: BrowserContext,
		page: Page,
		report: Gate<SeriesReport>,
	) {
		this.#report = report;
		this.network = network;
		this.context = context;
		this.page = page;
	}

	static async open(
		browser: Browser,
		{ sandbox = "/sandbox.html", prepare }: BenchOptions = {},
	): Promise<SandboxBench> {
		const network = Network.prepare();
		try {
			prepare?.(network.gateway);
			const report = gate<SeriesReport>();
			network.gateway.app.post(REPORT, async (context) => {
				report.open(await context.req.json());
				return context.body(null, 204);
			});
			await addBenchPage(network.gateway);
			await network.listen();
			const context = network.own(await browser.newContext());
			const page = await context.newPage();
			await page.goto(`${network.url}/test/bench?sandbox=${sandbox}`);
			await page.waitForFunction(() => "callSandboxed" in window);
			return new SandboxBench(network, context, page, report);
		} catch (error) {
			await network.close();
			throw error;
		}
	}

	/** Calls a function of a bundle, which is started where it does not run yet. */
	call(
		bundle: string | TestBundle,
		name: string,
		options: Omit<TestCall, "bundle" | "name"> = {},
	): Promise<TestOutcome> {
		const call: TestCall = {
			bundle: typeof bundle === "string" ? { code: bundle } : bundle,
			name,
			...options,
		};
		return this.page.evaluate((each) => window.callSandboxed(each), call);
	}

	/**
	 * Leaves the page alone with calls, one after the other: when a frame's process dies, Playwright takes the page for
	 * dead and asks it nothing more.
	 */
	async series(calls: readonly TestCall[]): Promise<SeriesReport> {
		const report = this.#report.opened;
		await this.page.evaluate(
			([each, to]) => void window.reportSeries(each, to),
			[calls, REPORT] as const,
		);
		return report;
	}

	close(): Promise<void> {
		return this.network.close();
	}
}

async function addBenchPage(gateway: Gateway): Promise<void> {
	const html = `<!doctype html><title>bench</title><script type="module" src="/test/bench/page.js"></script>`;
	gateway.app.get("/test/bench", async (context) => {
		const { headers } = await fetch(`${gateway.url}/donate`);
		return context.html(html, 200, {
			"content-security-policy": headers.get("content-security-policy") ?? "",
		});
	});
	for (const [path, code] of await builtScripts())
		gateway.app.get(`/test/bench/${path}`, (context) =>
			context.body(code, 200, { "content-type": "text/javascript" }),
		);
}

/** The bench's scripts by the paths at which they import each other. */
async function builtScripts(): Promise<Map<string, string>> {
	const result = await build({
		configFile: false,
		logLevel: "warn",
		base: "./",
		resolve: {
			conditions: ["@easyremote/source", ...defaultClientConditions],
		},
		worker: { format: "es" },
		build: {
			write: false,
			target: "es2023",
			minify: false,
			rolldownOptions: {
				input: {
					page: fileURLToPath(new URL("bench-page.ts", import.meta.url)),
				},
				output: { entryFileNames: "[name].js" },
			},
		},
	});
	const scripts = new Map<string, string>();
	for (const { output } of [result].flat().filter((each) => "output" in each))
		for (const file of output)
			scripts.set(
				file.fileName,
				file.type === "chunk" ? file.code : String(file.source),
			);
	return scripts;
}
