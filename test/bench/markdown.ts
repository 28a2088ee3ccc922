import { median } from "./median.js";

/** A table of figures in Markdown, with an empty line behind it. */
export function table(
	head: readonly string[],
	rows: readonly (readonly [string, ...number[]])[],
): readonly string[] {
	return [
		`| ${head.join(" | ")} |`,
		`| --- |${" ---: |".repeat(head.length - 1)}`,
		...rows.map(
			([name, ...figures]) => `| ${[name, ...figures.map(show)].join(" | ")} |`,
		),
		"",
	];
}

/** The median of what one series is of another, value by value: those of one round belong together. */
export function ratios(
	values: readonly number[],
	others: readonly number[],
): number {
	return median(
		values.map((value, index) => value / (others[index] ?? Number.NaN)),
	);
}

/** A figure as people read it. */
export function show(value: number): string {
	if (!Number.isFinite(value)) return "–";
	if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
	return value.toPrecision(3);
}
