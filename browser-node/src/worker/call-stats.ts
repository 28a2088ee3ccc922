import type { CallReport } from "@easyremote/shared/host";
import type { BrowserNodeCall } from "../node-facts.js";

/** Counts what a node's calls came to. */
export class CallStats {
	#done = 0;
	#failed = 0;
	#runMs = 0;

	get callsDone(): number {
		return this.#done;
	}

	get callsFailed(): number {
		return this.#failed;
	}

	/** Time that calls have run, all together, s. */
	get cpuSeconds(): number {
		return this.#runMs / 1000;
	}

	/** Takes a finished call into account. */
	add(report: CallReport): void {
		this.#done += 1;
		this.#runMs += report.runMs;
		if (report.error && report.error.code !== "CANCELLED") this.#failed += 1;
	}
}

/** A finished call as the page is told of it. */
export function finishedCall(report: CallReport): BrowserNodeCall {
	return {
		id: report.callId,
		function: report.functionName,
		caller: report.caller.subject,
		outcome:
			report.error === undefined
				? "done"
				: report.error.code === "CANCELLED"
					? "cancelled"
					: "failed",
		path: report.transport,
		runMs: report.runMs,
	};
}
