import { define } from "@easyremote/shared";

/** A square of the picture. */
export interface Tile {
	/** Of the tile's upper left corner. */
	readonly re: number;
	readonly im: number;
	/** From one pixel to the next. */
	readonly step: number;
	/** Pixels of an edge. */
	readonly size: number;
	/** After how many steps a point counts as inside. */
	readonly limit: number;
}

/**
 * For each pixel after how many steps it escapes, 0 for those that never do; the fraction makes bands into a gradient.
 * It adds and multiplies, and divides: every browser comes to the same bits, so results of donors can be compared.
 */
export const tile = define(
	{ description: "A tile of the Mandelbrot set", deterministic: "exact" },
	(_call, { re, im, step, size, limit }: Tile) => {
		const steps = new Float32Array(size * size);
		for (let y = 0; y < size; y += 1)
			for (let x = 0; x < size; x += 1)
				steps[y * size + x] = escape(re + x * step, im - y * step, limit);
		return steps;
	},
);

function escape(re: number, im: number, limit: number): number {
	let x = 0;
	let y = 0;
	let before = 0;
	for (let step = 1; step <= limit; step += 1) {
		const square = x * x - y * y + re;
		y = 2 * x * y + im;
		x = square;
		const size = x * x + y * y;
		// How far it went beyond the edge, as a share of the way: coarse beside a logarithm, but exact everywhere.
		if (size > 16) return step + (16 - before) / (size - before);
		before = size;
	}
	return 0;
}
