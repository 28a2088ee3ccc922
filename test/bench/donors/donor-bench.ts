import type { Browser, BrowserContext, Page } from "playwright-core";
import { Child } from "../../support/child.js";
import { contextPermissions } from "../../support/chromium.js";
import { publishBundle } from "../../support/publish-bundle.js";
import { table } from "../markdown.js";
import { median } from "../median.js";
import { program } from "../product/start-product.js";
import { plainWorkers } from "./plain-workers.js";
import { TILE_CODE } from "./tile.js";

/** Tabs at once, each of one core. */
const TABS = [1, 2, 4] as const;

interface Tiles {
	readonly perSecond: number;
	readonly sum: number;
}

/** What one number of tabs does. */
interface DonorRound {
	readonly tabs: number;
	readonly tiles: number;
	readonly plain: number;
	readonly items: number;
}

export interface DonorResult {
	readonly rounds: readonly DonorRound[];
	/** From opening the address to the first call served, ms. */
	readonly coldMs: readonly number[];
	readonly cachedMs: readonly number[];
}

export interface DonorEffort {
	readonly tiles: number;
	readonly items: number;
	/** How often a tab is opened to see how soon it serves. */
	readonly openings: number;
}

/** Measures tabs that donate, by themselves: they take all cores there are. Throws if a result is wrong. */
export async function measureDonors(
	browser: Browser,
	effort: DonorEffort,
): Promise<DonorResult> {
	const gateway = program("gateway.ts");
	const client = new Child(new URL("donor-client.ts", import.meta.url), {
		built: true,
	});
	try {
		const url = await gateway.ask<string>("listen", {});
		const published = await publishBundle(url, {
			name: "bench",
			code: TILE_CODE,
			functions: { tile: {}, same: {} },
		});
		if (published.status !== 201) throw new Error(await published.text());
		await client.ask("connect", url);
		const rounds: DonorRound[] = [];
		for (const tabs of TABS)
			rounds.push(await measureTabs(browser, url, client, { ...effort, tabs }));
		return { rounds, ...(await measureOpenings(browser, url, client, effort)) };
	} finally {
		await Promise.all([client.close(), gateway.close()]);
	}
}

async function measureTabs(
	browser: Browser,
	gateway: string,
	client: Child,
	{ tabs, tiles: count, items }: DonorEffort & { readonly tabs: number },
): Promise<DonorRound> {
	const workers = { workers: tabs, count };
	const plain = await plainWorkers(browser, gateway, workers);
	const contexts: BrowserContext[] = [];
	try {
		for (let tab = 0; tab < tabs; tab += 1) {
			// A profile each: one browser has one donor.
			const context = await browser.newContext({
				permissions: contextPermissions,
			});
			contexts.push(context);
			await donate(await context.newPage(), gateway);
		}
		// Every tab has fetched, compiled and warmed the code.
		await client.ask("tiles", count);
		const tiles = await client.ask<Tiles>("tiles", count);
		if (tiles.sum !== plain.sum)
			throw new Error("tabs and plain Workers computed different tiles");
		const perSecond = await client.ask<number>("items", items);
		console.log(
			`  ${tabs} tabs: ${tiles.perSecond.toFixed(1)} tiles/s, plain Workers ${plain.perSecond.toFixed(1)}; ${Math.round(perSecond)} items/s`,
		);
		return {
			tabs,
			tiles: tiles.perSecond,
			plain: plain.perSecond,
			items: perSecond,
		};
	} finally {
		await Promise.all(contexts.map((context) => context.close()));
	}
}

async function measureOpenings(
	browser: Browser,
	gateway: string,
	client: Child,
	{ openings }: DonorEffort,
): Promise<Pick<DonorResult, "coldMs" | "cachedMs">> {
	const coldMs: number[] = [];
	const cachedMs: number[] = [];
	for (let opening = 0; opening < openings; opening += 1) {
		const context = await browser.newContext({
			permissions: contextPermissions,
		});
		for (const found of [coldMs, cachedMs]) {
			const page = await context.newPage();
			const openedAt = Date.now();
			const served = client.ask<number>("firstCall");
			await donate(page, gateway);
			found.push((await served) - openedAt);
			await page.close();
		}
		await context.close();
	}
	return { coldMs, cachedMs };
}

/** Opens the page and presses Start, as a person would who knows the way. */
async function donate(page: Page, gateway: string): Promise<void> {
	await page.goto(`${gateway}/donate`);
	await page.getByLabel("Cores to lend").fill("1");
	await page.getByRole("button", { name: "Start" }).click();
	await page.getByRole("heading", { name: /^bench@/ }).waitFor();
}

/** The report in Markdown. */
export function reportDonors({
	rounds,
	coldMs,
	cachedMs,
}: DonorResult): readonly string[] {
	return [
		"## Tabs that donate",
		"",
		"Tiles of the Mandelbrot set, about the same work each, mapped over tabs of one core; the same tiles by as many plain Workers of one page, which",
		"need neither network nor sandbox; and a function that gives its argument back. All on this machine: four tabs share its cores with gateway, caller",
		"and browser. One run. [PANDO.md](PANDO.md) has the figures of Pando, the nearest system for browsers, on this machine.",
		"",
		...table(
			[
				"tabs",
				"tiles/s",
				"plain Workers, tiles/s",
				"efficiency",
				"trivial items/s",
				"items/s a tab",
			],
			rounds.map(({ tabs, tiles, plain, items }) => [
				String(tabs),
				tiles,
				plain,
				tiles / plain,
				items,
				items / tabs,
			]),
		),
		...table(
			["from opening the address to the first call served", "ms, median"],
			[
				["for the first time", median(coldMs)],
				["again, code kept in the browser", median(cachedMs)],
			],
		),
	];
}
