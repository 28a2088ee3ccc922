/** Control characters, which could make a terminal lie: what nodes say of themselves is not to be trusted. */
const CONTROL =
	/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Text of a stranger, fit for a terminal. */
export function harmless(text: string): string {
	return text.replace(CONTROL, " ");
}

/** Rows under headings, in columns as wide as needed; the last one is left as long as it is. */
export function table(
	headings: readonly string[],
	rows: readonly (readonly string[])[],
): string {
	const all = [headings, ...rows.map((row) => row.map(harmless))];
	const widths = headings.map((_, column) =>
		Math.max(...all.map((row) => row[column]?.length ?? 0)),
	);
	return all
		.map((row) =>
			row
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join("  ")
				.trimEnd(),
		)
		.join("\n");
}
