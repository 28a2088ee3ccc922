import { describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { Admission, type Applicant } from "./admission.js";

interface Recorded extends Applicant {
	readonly label: string;
}

function fixture(
	maxConcurrent: number,
	maxQueue: number,
	overloaded?: () => string | undefined,
) {
	const log: string[] = [];
	const admission = new Admission({ maxConcurrent, maxQueue }, overloaded);
	const applicant = (
		label: string,
		functionName = "f",
		concurrency?: number,
	): Recorded => ({
		label,
		functionName,
		concurrency,
		start: () => log.push(`start ${label}`),
		refuse: (error) => log.push(`refuse ${label} ${error.code}`),
	});
	return { admission, applicant, log };
}

function refusal(run: () => void): EasyRemoteError {
	try {
		run();
	} catch (error) {
		if (error instanceof EasyRemoteError) return error;
	}
	throw new Error("was not refused");
}

describe("Admission", () => {
	it("starts what fits at once and the rest in order of arrival", () => {
		const { admission, applicant, log } = fixture(2, 10);
		const calls = ["a", "b", "c", "d"].map((label) => applicant(label));
		for (const call of calls) admission.enter(call);
		expect(log).toEqual(["start a", "start b"]);
		expect([admission.running, admission.queued]).toEqual([2, 2]);
		const [a, b] = calls;
		if (a && b) {
			admission.leave(b);
			admission.leave(a);
			admission.leave(a);
		}
		expect(log).toEqual(["start a", "start b", "start c", "start d"]);
		expect([admission.running, admission.queued]).toEqual([2, 0]);
	});

	it("refuses with RESOURCE_EXHAUSTED and retryAfterMs when the queue is full", () => {
		const { admission, applicant } = fixture(1, 1);
		admission.enter(applicant("a"));
		admission.enter(applicant("b"));
		const error = refusal(() => admission.enter(applicant("c")));
		expect(error.code).toBe("RESOURCE_EXHAUSTED");
		expect(error.retryable).toBe(true);
		expect(error.retryAfterMs).toBeGreaterThan(0);
	});

	it("gives the place of a call cancelled in the queue to the next one", () => {
		const { admission, applicant, log } = fixture(1, 1);
		const [a, b, c] = [applicant("a"), applicant("b"), applicant("c")];
		admission.enter(a);
		admission.enter(b);
		admission.leave(b);
		admission.enter(c);
		admission.leave(a);
		expect(log).toEqual(["start a", "start c"]);
	});

	it("lets other functions pass one that is at its own limit", () => {
		const { admission, applicant, log } = fixture(3, 10);
		const first = applicant("slow1", "slow", 1);
		admission.enter(first);
		admission.enter(applicant("slow2", "slow", 1));
		admission.enter(applicant("quick", "quick"));
		expect(log).toEqual(["start slow1", "start quick"]);
		admission.leave(first);
		expect(log).toEqual(["start slow1", "start quick", "start slow2"]);
	});

	it("never runs more than the limit, even when a call ends while it starts", () => {
		const running = new Set<Applicant>();
		let most = 0;
		const admission = new Admission({ maxConcurrent: 2, maxQueue: 100 });
		for (let index = 0; index < 50; index += 1) {
			const call: Applicant = {
				functionName: "f",
				concurrency: undefined,
				start: () => {
					running.add(call);
					most = Math.max(most, running.size);
					if (index % 2 === 0) {
						running.delete(call);
						admission.leave(call);
					}
				},
				refuse: () => undefined,
			};
			admission.enter(call);
		}
		for (const call of [...running]) {
			running.delete(call);
			admission.leave(call);
		}
		expect(most).toBe(2);
	});

	it("refuses with UNAVAILABLE and the reason while the machine is overloaded", () => {
		let overload: string | undefined = "memory at 85 %, limit 80 %";
		const { admission, applicant, log } = fixture(1, 1, () => overload);
		const error = refusal(() => admission.enter(applicant("a")));
		expect(error.code).toBe("UNAVAILABLE");
		expect(error.message).toContain("memory at 85 %");
		expect(error.retryAfterMs).toBeGreaterThan(0);
		overload = undefined;
		admission.enter(applicant("b"));
		expect(log).toEqual(["start b"]);
	});

	it("drains: sends waiting calls away, takes no new ones, lets running ones be", () => {
		const { admission, applicant, log } = fixture(1, 5);
		admission.enter(applicant("a"));
		admission.enter(applicant("b"));
		admission.drain();
		expect(log).toEqual(["start a", "refuse b UNAVAILABLE"]);
		expect(refusal(() => admission.enter(applicant("c"))).code).toBe(
			"UNAVAILABLE",
		);
		expect(admission.running).toBe(1);
	});
});
