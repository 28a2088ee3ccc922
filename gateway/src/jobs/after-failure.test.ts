import { EasyRemoteError } from "@easyremote/shared/errors";
import { describe, expect, it } from "vitest";
import { DEVELOPER } from "../auth/principal.js";
import type { JobRecord } from "../store/job-record.js";
import { afterRestart, type FailedTry, pauseAfter } from "./after-failure.js";

const absent = new EasyRemoteError("UNAVAILABLE", "nobody is there");
const busy = new EasyRemoteError("RESOURCE_EXHAUSTED", "queue full", {
	retryAfterMs: 700,
});

const failed = (more: Partial<FailedTry>): FailedTry => ({
	error: absent,
	mayHaveStarted: false,
	tries: 1,
	now: 10_000,
	deadlineAt: 100_000,
	absentSince: undefined,
	waitForNodeMs: 30_000,
	...more,
});

describe("a job is tried again", () => {
	it.each([
		["soon, where nobody was there", {}, 250],
		["later each time", { tries: 3 }, 1_000],
		["at most so much later", { tries: 30 }, 5_000],
		["when the node said", { error: busy }, 700],
		["while the node is awaited", { absentSince: -19_999 }, 250],
		[
			"where nobody is known",
			{ error: new EasyRemoteError("NOT_FOUND", "") },
			250,
		],
	])("%s", (_what, more, pause) => {
		expect(pauseAfter(failed(more))).toBe(pause);
	});
});

describe("a job is not tried again", () => {
	it.each([
		["that may have started", { mayHaveStarted: true }],
		["whose time is up by then", { deadlineAt: 10_200 }],
		["that has waited long enough for a node", { absentSince: -20_000 }],
		[
			"whose arguments are wrong",
			{ error: new EasyRemoteError("INVALID_ARGUMENT", "") },
		],
		[
			"that is too large",
			{
				error: new EasyRemoteError("RESOURCE_EXHAUSTED", "", {
					details: { reason: "payload_too_large" },
				}),
			},
		],
	])("%s", (_what, more) => {
		expect(pauseAfter(failed(more))).toBeUndefined();
	});
});

it.each([
	["job", "queued", false, "run"],
	["job", "running", true, "run"],
	["job", "running", false, "fail"],
	["call", "running", true, "forget"],
	["call", "running", false, "fail"],
] as const)(
	"after a restart, a %s that was %s (idempotent: %s): %s",
	(kind, status, idempotent, what) => {
		const record: JobRecord = {
			id: "j",
			kind,
			principal: DEVELOPER,
			target: { function: "f" },
			status,
			idempotent,
			createdAt: 0,
			deadlineAt: 1,
		};
		expect(afterRestart(record).kind).toBe(what);
	},
);
