import { EasyRemoteError } from "@easyremote/shared/errors";
import type { CallReport } from "@easyremote/shared/host";
import { describe, expect, it } from "vitest";
import { callJson, callLine, paintFor } from "./call-line.js";

const at = new Date(2026, 10, 23, 12, 4, 31, 250);
const call: CallReport = {
	callId: "call_8f3",
	functionName: "resize",
	caller: { id: "key_1", subject: "anna", anonymous: false, grants: [] },
	transport: "direct",
	queuedMs: 3,
	runMs: 41.2,
	bytesReceived: 10,
	bytesSent: 20,
	cache: undefined,
	error: undefined,
};
const plain = paintFor(false, undefined);

describe("callLine", () => {
	it("says what was called, over which path, and how it went", () => {
		expect(callLine(call, at, plain)).toBe(
			"12:04:31.250 → resize direct 3.0 ms ✓ 41 ms call_8f3",
		);
	});

	it("names the error, in one line and without control characters", () => {
		const error = new EasyRemoteError("NOT_FOUND", "no\nsuch \u001B[31mthing");
		expect(callLine({ ...call, error, transport: undefined }, at, plain)).toBe(
			"12:04:31.250 → resize no path 3.0 ms ✗ NOT_FOUND 41 ms call_8f3 no such [31mthing",
		);
	});

	it("is in colour only on a terminal, and not where NO_COLOR is set", () => {
		expect(callLine(call, at, paintFor(true, undefined))).toContain(
			"\u001B[32m✓",
		);
		expect(callLine(call, at, paintFor(true, ""))).toContain("\u001B[32m✓");
		expect(callLine(call, at, paintFor(true, "1"))).not.toContain("\u001B");
		expect(callLine(call, at, paintFor(false, undefined))).not.toContain(
			"\u001B",
		);
	});

	it("has a form for programs", () => {
		expect(JSON.parse(callJson(call, at))).toMatchObject({
			event: "call",
			id: "call_8f3",
			function: "resize",
			caller: "anna",
			transport: "direct",
		});
	});
});
