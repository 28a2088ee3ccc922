import type { Browser } from "playwright-core";
import { checksum, TILE_CODE, tiles } from "./tile.js";

/** What tabs are held against: the same tiles by plain Workers of one page, which takes nobody's word for anything. */
export async function plainWorkers(
	browser: Browser,
	gateway: string,
	{ workers, count }: { readonly workers: number; readonly count: number },
): Promise<{ readonly perSecond: number; readonly sum: number }> {
	const page = await browser.newPage();
	try {
		await page.goto(`${gateway}/donate`);
		const { results, perSecond } = await page.evaluate(runTiles, {
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
		await page.close();
	}
}

/** In the page. */
async function runTiles({
	code,
	workers,
	inputs,
}: {
	readonly code: string;
	readonly workers: number;
	readonly inputs: readonly unknown[];
}): Promise<{ readonly results: number[][]; readonly perSecond: number }> {
	const url = URL.createObjectURL(
		new Blob([code], { type: "text/javascript" }),
	);
	const pool = Array.from(
		{ length: workers },
		() => new Worker(url, { type: "module" }),
	);
	const ask = (worker: Worker, input: unknown) =>
		new Promise<Uint8Array>((resolve, reject) => {
			worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => resolve(data);
			worker.onerror = ({ message }) => reject(new Error(message));
			worker.postMessage(input);
		});
	// Loaded and compiled, as those of a tab that has answered before.
	await Promise.all(pool.map((worker) => ask(worker, inputs[0])));
	const results: number[][] = [];
	let next = 0;
	const started = performance.now();
	const pixels: Uint8Array[] = [];
	await Promise.all(
		pool.map(async (worker) => {
			while (next < inputs.length) {
				next += 1;
				pixels.push(await ask(worker, inputs[next - 1]));
			}
		}),
	);
	const perSecond = (inputs.length / (performance.now() - started)) * 1000;
	for (const worker of pool) worker.terminate();
	for (const each of pixels) results.push(Array.from(each));
	return { results, perSecond };
}
