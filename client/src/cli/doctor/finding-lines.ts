import { harmless } from "../table.js";
import type { Finding } from "./finding.js";

/** How each status looks: its word, and the ANSI colour it has on a terminal. */
const MARKS = {
	ok: { word: "ok", colour: 32 },
	failed: { word: "FAIL", colour: 31 },
	skipped: { word: "skip", colour: 33 },
} as const;

/** Width of the names of checks: lines are printed before the next check is known. */
const NAME_WIDTH = "credentials".length;
const MARK_WIDTH = "FAIL".length;

/** A finding as aligned lines for people: what was found, and what to do about it. */
export function findingLines(finding: Finding, colourful: boolean): string {
	const { word, colour } = MARKS[finding.status];
	const mark = word.padEnd(MARK_WIDTH);
	const shown = colourful ? `\u001b[${colour}m${mark}\u001b[0m` : mark;
	const line = `${shown}  ${finding.check.padEnd(NAME_WIDTH)}  ${harmless(finding.detail)}`;
	if (finding.fix === undefined) return line;
	const indent = " ".repeat(MARK_WIDTH + NAME_WIDTH + 4);
	return `${line}\n${indent}→ ${harmless(finding.fix)}`;
}
