import { EasyRemoteError } from "@easyremote/shared/errors";
// The page is driven as a person would; playwright-core brings no browser of its own.
import { type Browser, chromium, type Page } from "playwright-core";

export interface DonatingTabOptions {
	/** Address of the gateway. */
	readonly gateway: string;
	readonly key?: string | undefined;
	/** Calls at once; the page's default unless told. */
	readonly cores?: number | undefined;
	/** Path of the browser. */
	readonly browser: string;
	/** Whether the operating system's sandbox is on. */
	readonly sandbox: boolean;
}

/** What the page shows. */
export interface TabFigures {
	readonly status: string;
	/** What went wrong, in the page's words; empty if nothing. */
	readonly problem: string;
	readonly donor: string;
	readonly callsDone: string;
	readonly cpu: string;
}

/** How long the page may take to open, ms. */
const OPEN_MS = 15_000;

/** The gateway's donate page in a headless browser of its own, with nothing kept from one run to the next. */
export class DonatingTab {
	/** Resolves when the browser is gone, whoever ended it. */
	readonly closed: Promise<void>;
	readonly #browser: Browser;
	readonly #page: Page;

	private constructor(browser: Browser, page: Page) {
		this.#browser = browser;
		this.#page = page;
		this.closed = new Promise((resolve) => {
			browser.once("disconnected", () => resolve());
			page.once("crash", () => resolve());
		});
	}

	/** Opens the page and presses Start. Rejects with UNAVAILABLE where there is no such page. */
	static async open(options: DonatingTabOptions): Promise<DonatingTab> {
		const browser = await chromium.launch({
			executablePath: options.browser,
			chromiumSandbox: options.sandbox,
			// Who started this decides about signals.
			handleSIGINT: false,
			handleSIGTERM: false,
			handleSIGHUP: false,
		});
		try {
			const page = await browser.newPage();
			await openPage(page, options.gateway);
			const { cores, key } = options;
			if (cores !== undefined)
				await page.getByLabel("Cores to lend").fill(String(cores));
			if (key !== undefined) await page.getByLabel("Node key").fill(key);
			await page.getByRole("button", { name: "Start" }).click();
			// It has begun, or says why not.
			await page
				.locator("#status:not(:text-is('Stopped')), #problem:visible")
				.first()
				.waitFor();
			return new DonatingTab(browser, page);
		} catch (error) {
			await browser.close();
			throw error;
		}
	}

	/** What the page shows now. */
	async figures(): Promise<TabFigures> {
		const text = async (selector: string) =>
			(await this.#page.locator(selector).textContent())?.trim() ?? "";
		const [status, problem, donor, callsDone, cpu] = await Promise.all(
			["#status", "#problem", "#donor-id", "#calls-done", "#cpu"].map(text),
		);
		return {
			status: status ?? "",
			problem: problem ?? "",
			donor: donor ?? "",
			callsDone: callsDone ?? "",
			cpu: cpu ?? "",
		};
	}

	/** Presses Stop, and closes the browser. */
	async close(): Promise<void> {
		try {
			await this.#page
				.getByRole("button", { name: "Stop" })
				.click({ timeout: 1_000 });
		} catch {
			// It has stopped by itself, or the page is gone.
		}
		await this.#browser.close();
	}
}

async function openPage(page: Page, gateway: string): Promise<void> {
	const address = new URL("/donate", gateway).href;
	try {
		const response = await page.goto(address, { timeout: OPEN_MS });
		if (response?.ok() !== true)
			throw new Error(`it answers ${response?.status() ?? "nothing"}`);
	} catch (cause) {
		const why = cause instanceof Error ? cause.message.split("\n")[0] : "";
		throw new EasyRemoteError(
			"UNAVAILABLE",
			`the donate page at ${address} cannot be opened: ${why}`,
			{
				hint: "name the gateway with --gateway; it serves the page unless webUi is off",
				cause,
			},
		);
	}
}
