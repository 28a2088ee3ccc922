import { ManualClock } from "@easyremote/shared/time";
import { describe, expect, it } from "vitest";
import { ProgressBar } from "./progress-bar.js";

function fixture(columns = 100) {
	const clock = new ManualClock();
	const written: string[] = [];
	const bar = new ProgressBar(
		{
			isTerminal: true,
			columns,
			write: (chunk) => {
				written.push(String(chunk));
				return Promise.resolve();
			},
		},
		{ clock, colourful: false },
	);
	return { clock, written, bar };
}

const sent = (bytes: number) =>
	({ type: "transfer", sent: bytes, sendTotal: 10e6, received: 0 }) as const;

describe("a progress bar", () => {
	it("is not shown of a call that is soon over", async () => {
		const { clock, written, bar } = fixture();
		bar.hear(sent(1e6));
		await clock.advance(400);
		await bar.stop();
		expect(written).toEqual([]);
		expect(clock.pending).toBe(0);
	});

	it("comes when a call takes its time, with what was heard before", async () => {
		const { clock, written, bar } = fixture();
		bar.hear({ type: "progress", fraction: 0.25, message: "thinking" });
		await clock.advance(500);
		expect(written).toHaveLength(1);
		expect(written[0]).toMatch(/^\r\u001b\[Krunning .* 25 % {2}thinking$/);
	});

	it("is drawn ten times a second at most, over its own line", async () => {
		const { clock, written, bar } = fixture();
		await clock.advance(1_000);
		for (let ms = 0; ms < 950; ms += 10) {
			bar.hear(sent(ms * 10_000));
			await clock.advance(10);
		}
		expect(written).toHaveLength(10);
		for (const line of written)
			expect(line).toMatch(/^\r\u001b\[Ksending[^\n]*$/);
	});

	it("takes a terminal that does not know its width for one of usual width", async () => {
		const { clock, written, bar } = fixture(0);
		await clock.advance(1_000);
		bar.hear(sent(5e6));
		expect(written[0]).toMatch(/50 % {2}5\.00 MB of 10\.0 MB$/);
		await bar.stop();
	});

	it("shows that a transfer stands still", async () => {
		const { clock, written, bar } = fixture();
		await clock.advance(1_000);
		bar.hear(sent(0));
		await clock.advance(1_000);
		bar.hear(sent(4e6));
		await clock.advance(600);
		expect(written.at(-1)).toContain("2.50 MB/s");
		await clock.advance(8_500);
		expect(written.at(-1)).toContain("396 kB/s");
	});

	it("is gone when the call is over, for good", async () => {
		const { clock, written, bar } = fixture();
		bar.hear(sent(1e6));
		await clock.advance(600);
		await bar.stop();
		await bar.stop();
		expect(written.at(-1)).toBe("\r\u001b[K");
		const before = written.length;
		bar.hear(sent(2e6));
		await clock.advance(5_000);
		expect(written).toHaveLength(before);
		expect(clock.pending).toBe(0);
	});
});
