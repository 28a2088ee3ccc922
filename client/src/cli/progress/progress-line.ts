import { harmless } from "../table.js";
import { shownBytes, shownWait } from "./byte-text.js";
import type { ProgressView } from "./progress-view.js";

/** Cells of a bar. */
const BAR_WIDTH = 24;

/**
 * A call's progress as one line of a terminal, never longer than it is wide.
 *
 * @param rate bytes per second, where known
 */
export function progressLine(
	view: ProgressView,
	rate: number | undefined,
	{
		columns,
		colourful,
	}: { readonly columns: number; readonly colourful: boolean },
): string {
	const { doing, fraction, bytes, said } = view;
	const known = fraction === undefined ? undefined : clamp(fraction);
	const before = doing.padEnd("receiving".length);
	const after = [
		known === undefined ? undefined : `${Math.floor(known * 100)} %`,
		bytes && amount(bytes),
		bytes && rate !== undefined ? `${shownBytes(rate)}/s` : undefined,
		bytes && timeLeft(bytes, rate),
		said === undefined || said === "" ? undefined : harmless(said),
	].filter((part) => part !== undefined);
	// The last column stays free: a terminal may begin a new line once it is filled.
	const room = Math.max(columns - 1 - before.length - 2, 0);
	const bar = known !== undefined && room > BAR_WIDTH + 12;
	const text = after.join("  ").slice(0, room - (bar ? BAR_WIDTH + 2 : 0));
	return [before, bar ? drawn(known, colourful) : undefined, text]
		.filter((part) => part !== undefined && part !== "")
		.join("  ")
		.trimEnd()
		.slice(0, columns - 1);
}

function amount({ moved, total }: NonNullable<ProgressView["bytes"]>): string {
	return total === undefined
		? shownBytes(moved)
		: `${shownBytes(moved)} of ${shownBytes(total)}`;
}

function timeLeft(
	{ moved, total }: NonNullable<ProgressView["bytes"]>,
	rate: number | undefined,
): string | undefined {
	if (total === undefined || rate === undefined || rate <= 0) return undefined;
	return moved < total
		? `${shownWait((total - moved) / rate)} left`
		: undefined;
}

function drawn(fraction: number, colourful: boolean): string {
	const cells = Math.floor(fraction * BAR_WIDTH);
	const full = "█".repeat(cells);
	const empty = "░".repeat(BAR_WIDTH - cells);
	return colourful ? `\u001b[32m${full}\u001b[0m${empty}` : `${full}${empty}`;
}

/** A function may say anything. */
function clamp(fraction: number): number {
	return Math.min(Math.max(fraction, 0), 1);
}
