import { createClient } from "@easyremote/client";
import { publish } from "@easyremote/client/publish";
import { createGateway } from "@easyremote/gateway";
import type { multiply } from "./functions.js";

const SIZE = 512;
const ROWS = 32;
/** How long a donor with a GPU is waited for. */
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 120_000);

const gateway = createGateway({ port: Number(process.env.PORT ?? 8080) });
await gateway.listen();
await publish({
	file: new URL("./functions.ts", import.meta.url),
	name: "matrix",
	gateway: gateway.url,
});
console.log(`Open ${gateway.url}/donate, allow the GPU there, and start`);

const client = createClient({ gateway: gateway.url });
if (await hasGpu()) await run();
else console.log("skipped: no donor came that lends a GPU");
await client.close();
await gateway.close();

async function run(): Promise<void> {
	const a = random();
	const b = random();
	const pieces = Array.from({ length: SIZE / ROWS }, (_, piece) => ({
		a: a.slice(piece * ROWS * SIZE, (piece + 1) * ROWS * SIZE),
		b,
		size: SIZE,
	}));
	const product = new Float32Array(SIZE * SIZE);
	const begun = performance.now();
	let row = 0;
	const remote = client.remote<typeof multiply>("matrix/multiply");
	for await (const rows of remote.map(pieces)) {
		product.set(rows, row * SIZE);
		row += ROWS;
	}
	const ms = performance.now() - begun;
	console.log(`${SIZE} × ${SIZE} on donors' GPUs in ${ms.toFixed(0)} ms`);
	const worst = furthest(a, b, product);
	console.log(`furthest from the CPU's result: ${worst.toExponential(1)}`);
	process.exitCode = worst < 1e-3 ? 0 : 1;
}

/** Whether a donor came that offers it: those without a GPU do not. */
async function hasGpu(): Promise<boolean> {
	const until = performance.now() + PATIENCE_MS;
	while (performance.now() < until) {
		const functions = await client.functions();
		if (functions.some(({ nodes }) => nodes.length > 0)) return true;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	return false;
}

function random(): Float32Array<ArrayBuffer> {
	return Float32Array.from({ length: SIZE * SIZE }, () => Math.random() - 0.5);
}

/** Most that a number differs from what this process finds. */
function furthest(a: Float32Array, b: Float32Array, product: Float32Array) {
	let worst = 0;
	for (let y = 0; y < SIZE; y += 1)
		for (let x = 0; x < SIZE; x += 1) {
			let sum = 0;
			for (let k = 0; k < SIZE; k += 1)
				sum += (a[y * SIZE + k] ?? 0) * (b[k * SIZE + x] ?? 0);
			const found = product[y * SIZE + x] ?? Infinity;
			worst = Math.max(worst, Math.abs(sum - found));
		}
	return worst;
}
