import { describe, expect, it } from "vitest";
import {
	formatTraceparent,
	parseTraceparent,
	validTraceparent,
} from "./traceparent.js";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

describe("traceparent", () => {
	it("is read and written", () => {
		const text = `00-${traceId}-${spanId}-01`;
		const parent = { traceId, spanId, traceFlags: 1 };
		expect(parseTraceparent(text)).toEqual(parent);
		expect(formatTraceparent(parent)).toBe(text);
		expect(formatTraceparent({ ...parent, traceFlags: 0 })).toMatch(/-00$/);
	});

	it("of a later version may say more, of which nothing is known", () => {
		expect(parseTraceparent(`cc-${traceId}-${spanId}-03-more`)).toEqual({
			traceId,
			spanId,
			traceFlags: 1,
		});
	});

	it.each([
		undefined,
		"",
		`ff-${traceId}-${spanId}-01`,
		`00-${traceId}-${spanId}-01-more`,
		`00-${traceId}-${spanId}-01more`,
		`00-${traceId.toUpperCase()}-${spanId}-01`,
		`00-${"0".repeat(32)}-${spanId}-01`,
		`00-${traceId}-${"0".repeat(16)}-01`,
		`00-${traceId}-${spanId}`,
		`00-${traceId}-${spanId}-1`,
		`00-${traceId}-${spanId}-01\r\nx: y`,
		"x".repeat(100_000),
	])("that is not valid is none: %j", (text) => {
		expect(parseTraceparent(text)).toBeUndefined();
		expect(validTraceparent(text)).toBeUndefined();
	});

	it("goes on as one of version 00", () => {
		const text = `00-${traceId}-${spanId}-01`;
		expect(validTraceparent(text)).toBe(text);
		expect(validTraceparent(`cc-${traceId}-${spanId}-03-more`)).toBe(text);
		expect(validTraceparent(`01-${traceId}-${spanId}-02`)).toMatch(/-00$/);
	});
});
