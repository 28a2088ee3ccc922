/** What plain Workers of a page are to do. */
export interface TileRun {
	/** A Worker that answers each message with a tile. */
	readonly code: string;
	readonly workers: number;
	readonly inputs: readonly unknown[];
}

export interface TileRunResult {
	readonly results: readonly number[][];
	readonly perSecond: number;
}

/** Runs in the page: gives each Worker the next tile as it has done one. */
export async function runTiles({
	code,
	workers,
	inputs,
}: TileRun): Promise<TileRunResult> {
	const url = URL.createObjectURL(
		new Blob([code], { type: "text/javascript" }),
	);
	const pool = Array.from(
		{ length: workers },
		() => new Worker(url, { type: "module" }),
	);
	// Loaded and compiled, as those of a tab that has answered before.
	await Promise.all(pool.map((worker) => ask(worker, inputs[0])));
	const pixels: Uint8Array[] = [];
	let next = 0;
	const started = performance.now();
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
	return { results: pixels.map((each) => Array.from(each)), perSecond };
}

function ask(worker: Worker, input: unknown): Promise<Uint8Array> {
	return new Promise((resolve, reject) => {
		worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => resolve(data);
		worker.onerror = ({ message }) => reject(new Error(message));
		worker.postMessage(input);
	});
}
