import { EasyRemoteError } from "@easyremote/shared/errors";
import type { CallReport } from "@easyremote/shared/host";
import { expect, it } from "vitest";
import { CallStats, finishedCall } from "./call-stats.js";

const report: CallReport = {
	callId: "c1",
	functionName: "add",
	caller: { id: "key:1", subject: "Ada", anonymous: false, grants: [] },
	transport: "direct",
	queuedMs: 0,
	runMs: 12,
	bytesReceived: 100,
	bytesSent: 20,
	cache: undefined,
	error: undefined,
};

it("counts calls, and those that failed by more than their caller's wish", () => {
	const stats = new CallStats();
	stats.add(report);
	stats.add({ ...report, error: new EasyRemoteError("UNAVAILABLE", "gone") });
	stats.add({ ...report, error: new EasyRemoteError("CANCELLED", "enough") });
	expect(stats).toMatchObject({ callsDone: 3, callsFailed: 1 });
});

it.each([
	[undefined, "done"],
	[new EasyRemoteError("CANCELLED", "enough"), "cancelled"],
	[new EasyRemoteError("DEADLINE_EXCEEDED", "late"), "failed"],
])("tells how a call with %s ended", (error, outcome) => {
	expect(finishedCall({ ...report, error })).toEqual({
		id: "c1",
		function: "add",
		caller: "Ada",
		outcome,
		path: "direct",
		runMs: 12,
	});
});
