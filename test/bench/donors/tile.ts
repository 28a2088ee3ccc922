/** One square of the Mandelbrot set: its corner, in the complex plane, and the side. */
export interface TileInput {
	readonly x: number;
	readonly y: number;
	readonly span: number;
}

/** What is published, and what plain Workers run as well: one ES module. */
export const TILE_CODE = `
const SIZE = 128;
const DEPTH = 2000;
export function tile({ x, y, span }) {
	const pixels = new Uint8Array(SIZE * SIZE);
	for (let row = 0; row < SIZE; row += 1)
		for (let column = 0; column < SIZE; column += 1) {
			const real = x + (column / SIZE) * span;
			const imaginary = y + (row / SIZE) * span;
			let a = 0, b = 0, step = 0;
			for (; step < DEPTH && a * a + b * b <= 4; step += 1)
				[a, b] = [a * a - b * b + real, 2 * a * b + imaginary];
			pixels[row * SIZE + column] = step % 256;
		}
	return pixels;
}
export const same = (value) => value;
`;

/** Tiles around a part of the edge, where they take about the same time each. */
export function tiles(count: number): TileInput[] {
	const side = Math.ceil(Math.sqrt(count));
	const span = 0.02 / side;
	return Array.from({ length: count }, (_, index) => ({
		x: -0.7453 + (index % side) * span,
		y: 0.1127 + Math.floor(index / side) * span,
		span,
	}));
}

/** A number that stands for a tile's pixels. */
export function checksum(pixels: Uint8Array): number {
	let sum = 0;
	for (const [index, value] of pixels.entries())
		sum = (sum * 31 + value + index) % 1_000_000_007;
	return sum;
}
