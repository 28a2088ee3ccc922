import type { Browser } from "playwright-core";
import { routeBenchModules } from "../page/bench-modules.js";
import type { TileRun, TileRunResult } from "./run-tiles.js";
import { checksum, TILE_CODE, tiles } from "./tile.js";

/** What tabs are held against: the same tiles by plain Workers of one page, which takes nobody's word for anything. */
export async function plainWorkers(
	browser: Browser,
	gateway: string,
	{ workers, count }: { readonly workers: number; readonly count: number },
): Promise<{ readonly perSecond: number; readonly sum: number }> {
	const context = await browser.newContext();
	try {
		await routeBenchModules(context, gateway);
		const page = await context.newPage();
		await page.goto(`${gateway}/donate`);
		const { results, perSecond } = await page.evaluate(runInPage, {
			module: "/bench/donors/run-tiles.js",
			code: `${TILE_CODE}onmessage = ({ data }) => { const pixels = tile(data); postMessage(pixels, [pixels.buffer]); };`,
			workers,
			inputs: tiles(count),
		});
		const sum = results.reduce(
			(all, pixels) =>
				(all + checksum(Uint8Array.from(pixels))) % 1_000_000_007,
			0,
		);
		return { perSecond, sum };
	} finally {
		await context.close();
	}
}

/** In the page. */
async function runInPage({
	module,
	...run
}: TileRun & { readonly module: string }): Promise<TileRunResult> {
	const { runTiles } = (await import(module)) as {
		runTiles(run: TileRun): Promise<TileRunResult>;
	};
	return runTiles(run);
}
