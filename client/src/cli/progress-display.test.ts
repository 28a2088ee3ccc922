import { expect, it } from "vitest";
import { ProgressDisplay } from "./progress-display.js";
import type { Sink } from "./surroundings.js";

const TRANSFER = { sent: 5e6, sendTotal: 10e6, received: 0, receiveTotal: 0 };

function terminal(columns?: number) {
	const written: string[] = [];
	const sink: Sink = {
		isTerminal: true,
		columns,
		write: (chunk) => {
			written.push(String(chunk));
			return Promise.resolve();
		},
	};
	let nowMs = 0;
	const display = new ProgressDisplay(sink, () => nowMs);
	const at = (ms: number, message?: string) => {
		nowMs = ms;
		display.update({ transfer: TRANSFER, message });
	};
	return { written, display, at };
}

it("leaves no trace of a call that is over soon", async () => {
	const { written, display, at } = terminal();
	at(100);
	await display.clear();
	expect(written).toEqual([]);
});

it("draws one line over and over, not too often, and takes it away", async () => {
	const { written, display, at } = terminal();
	at(500);
	at(550);
	at(650);
	await display.clear();
	at(900);
	expect(written).toHaveLength(3);
	expect(written[0]).toMatch(
		/^\r.\[2K↑ 5\.0 of 10\.0 MB .* 50 % 10\.0 MB\/s, 1 s left$/,
	);
	expect(written[2]).toMatch(/^\r.\[2K$/);
});

it("keeps within the terminal, and lets no function draw on it", () => {
	const { written, at } = terminal(30);
	at(500, "\u001b[31m");
	expect(written[0]?.slice(5)).toHaveLength(29);
	const wide = terminal(200);
	wide.at(500, "a\u001b[31mb");
	expect(wide.written[0]).toMatch(/· a \[31mb$/);
});
