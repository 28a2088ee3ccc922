import { describe, expect, it } from "vitest";
import { progressLine } from "./progress-line.js";
import { viewOf } from "./progress-view.js";
import { RateMeter } from "./rate-meter.js";

const plain = { columns: 100, colourful: false };
const transfer = { type: "transfer", sent: 0, received: 0 } as const;

describe("a line of progress", () => {
	it("has bar, share, bytes, rate and time left of what is sent", () => {
		const view = viewOf(
			{ ...transfer, sent: 16e6, sendTotal: 64e6 },
			undefined,
		);
		expect(progressLine(view, 2e6, plain)).toBe(
			"sending    ██████░░░░░░░░░░░░░░░░░░  25 %  16.0 MB of 64.0 MB  2.00 MB/s  24 s left",
		);
	});

	it("has neither share nor time left of a stream", () => {
		const view = viewOf({ ...transfer, received: 1.5e9 }, undefined);
		expect(progressLine(view, 12.34e6, plain)).toBe(
			"receiving  1.50 GB  12.3 MB/s",
		);
	});

	it("has the function's word, alone or beside the bytes", () => {
		const said = {
			type: "progress",
			fraction: 0.5,
			message: "decoded",
		} as const;
		const sent = { ...transfer, sent: 1e6, sendTotal: 1e6 };
		expect(progressLine(viewOf(sent, said), undefined, plain)).toBe(
			"running    ████████████░░░░░░░░░░░░  50 %  decoded",
		);
		const receiving = { ...sent, received: 1e6, receiveTotal: 4e6 };
		expect(progressLine(viewOf(receiving, said), undefined, plain)).toMatch(
			/25 % {2}1\.00 MB of 4\.00 MB {2}50 % decoded$/,
		);
	});

	it("is in colour only where that is liked", () => {
		const view = viewOf(undefined, { type: "progress", fraction: 1 });
		expect(progressLine(view, undefined, plain)).not.toContain("\u001b");
		expect(
			progressLine(view, undefined, { ...plain, colourful: true }),
		).toContain("\u001b[32m████");
	});

	it.each([8, 20, 40, 60, 80])("fits into %i columns", (columns) => {
		const said = {
			type: "progress",
			message: "a long message ".repeat(10),
		} as const;
		const view = viewOf({ ...transfer, sent: 1e6, sendTotal: 9e9 }, said);
		const line = progressLine(view, 1e6, { columns, colourful: false });
		expect(line.length).toBeLessThan(columns);
		expect(line).toMatch(/^sending?/);
	});

	it("lets a function neither move the cursor nor overflow the bar", () => {
		const view = viewOf(undefined, {
			type: "progress",
			fraction: 7,
			message: "done\r\u001b[2Jx",
		});
		const line = progressLine(view, undefined, plain);
		expect(line).toMatch(/ 100 % {2}done \[2Jx$/);
	});
});

describe("a rate", () => {
	it("is that of the last seconds, and falls when nothing moves", () => {
		const meter = new RateMeter();
		expect(meter.rate(0)).toBeUndefined();
		for (let ms = 0; ms <= 10_000; ms += 100) meter.read(ms * 5_000, ms);
		expect(meter.rate(10_000)).toBeCloseTo(5e6, -5);
		expect(meter.rate(13_000)).toBeLessThan(3e6);
	});

	it("begins anew when a call is sent again", () => {
		const meter = new RateMeter();
		meter.read(5e6, 0);
		meter.read(1e6, 1_000);
		meter.read(2e6, 2_000);
		expect(meter.rate(2_000)).toBe(1e6);
	});
});
