import { EasyRemoteError } from "@easyremote/shared/errors";
import { define } from "@easyremote/shared/functions";

/** What a caller of `mandelbrot` may choose. */
export interface MandelbrotTile {
	/** Width and height of the tile, pixels; 256 unless told. */
	readonly size?: number;
	/** Real part of the centre. */
	readonly x?: number;
	/** Imaginary part of the centre. */
	readonly y?: number;
	/** Side of the square shown, in the complex plane. */
	readonly span?: number;
	/** Iterations after which a point counts as inside. */
	readonly depth?: number;
}

const LARGEST_TILE = 4096;
const DEEPEST = 100_000;
const LARGEST_SIEVE = 200_000_000;

/** One square of the Mandelbrot set as RGBA bytes, row by row. */
export const mandelbrot = define(
	{
		description:
			"A square of the Mandelbrot set, as RGBA bytes: { size, x, y, span, depth }",
		idempotent: true,
	},
	async (call, tile: MandelbrotTile = {}) => {
		const size = within("size", tile.size ?? 256, 1, LARGEST_TILE);
		const depth = within("depth", tile.depth ?? 200, 1, DEEPEST);
		const { x = -0.6, y = 0, span = 2.6 } = tile;
		const pixels = new Uint8Array(size * size * 4);
		for (let row = 0; row < size; row += 1) {
			const imaginary = y + (row / size - 0.5) * span;
			for (let column = 0; column < size; column += 1) {
				const steps = escapeSteps(
					x + (column / size - 0.5) * span,
					imaginary,
					depth,
				);
				paint(pixels, (row * size + column) * 4, steps / depth);
			}
			if (row % 32 === 31) {
				call.progress((row + 1) / size);
				await breathe();
				call.signal.throwIfAborted();
			}
		}
		return pixels;
	},
);

/** How many primes are smaller than `limit` (sieve of Eratosthenes over odd numbers). */
export const countPrimes = define(
	{
		description: "How many primes are smaller than a number",
		idempotent: true,
	},
	(_call, limit: number) => {
		within("limit", limit, 0, LARGEST_SIEVE);
		if (limit <= 2) return 0;
		const composite = new Uint8Array(Math.floor(limit / 2));
		let count = 1;
		for (let index = 1; index < composite.length; index += 1) {
			if (composite[index] === 1) continue;
			count += 1;
			const prime = 2 * index + 1;
			for (
				let multiple = (prime * prime - 1) / 2;
				multiple < composite.length;
				multiple += prime
			) {
				composite[multiple] = 1;
			}
		}
		return count;
	},
);

/** The words of a text, one at a time, with their count so far. */
export const words = define(
	{ description: "The words of a text, streamed one by one", idempotent: true },
	async function* (call, text: string) {
		const seen = new Map<string, number>();
		for (const [word] of text.matchAll(/[\p{L}\p{N}'’-]+/gu)) {
			call.signal.throwIfAborted();
			const key = word.toLowerCase();
			const count = (seen.get(key) ?? 0) + 1;
			seen.set(key, count);
			yield { word, count };
		}
	},
);

/** How often the point's orbit can be stepped before it leaves the circle of radius 2; `depth` if it never does. */
function escapeSteps(real: number, imaginary: number, depth: number): number {
	let a = 0;
	let b = 0;
	for (let step = 0; step < depth; step += 1) {
		const aa = a * a;
		const bb = b * b;
		if (aa + bb > 4) return step;
		b = 2 * a * b + imaginary;
		a = aa - bb + real;
	}
	return depth;
}

function paint(pixels: Uint8Array, offset: number, share: number): void {
	const glow = share >= 1 ? 0 : Math.sqrt(share);
	pixels[offset] = 255 * glow ** 3;
	pixels[offset + 1] = 230 * glow;
	pixels[offset + 2] = 120 + 135 * glow;
	if (share >= 1) pixels.fill(0, offset, offset + 3);
	pixels[offset + 3] = 255;
}

/** Lets the Worker read its messages, so that a cancel is heard in mid-computation. */
function breathe(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve));
}

function within(
	name: string,
	value: number,
	least: number,
	most: number,
): number {
	if (Number.isInteger(value) && value >= least && value <= most) return value;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`${name} must be a whole number from ${least} to ${most}`,
	);
}
