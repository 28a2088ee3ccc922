/** The middle of some numbers; NaN of none. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? Number.NaN;
	const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle] ?? upper;
	return (lower + upper) / 2;
}

/** The smallest value that a share of all, from 0 to 1, does not exceed; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	const place = Math.max(Math.ceil(sorted.length * share) - 1, 0);
	return sorted[place] ?? Number.NaN;
}
