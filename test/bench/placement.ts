import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import type { Child } from "../support/child.js";

/**
 * Runs `task` while neighbours on `way`, the processes that a call passes, are on different cores, as they would be on
 * different machines. Left to itself the scheduler puts some on one core, where a message wakes nobody up; which ones is
 * luck, and stays so for as long as the processes live. Undefined where processes cannot be placed.
 */
export async function coresApart<T>(
	way: readonly Child[],
	task: () => Promise<T>,
): Promise<T | undefined> {
	if (way.length === 0 || !possible()) return undefined;
	const all = `0-${cpus().length - 1}`;
	try {
		for (const [at, process] of way.entries()) place(process, String(at % 2));
		return await task();
	} finally {
		for (const process of way) place(process, all);
	}
}

let known: boolean | undefined;

/** Says once why not. */
function possible(): boolean {
	if (known !== undefined) return known;
	const missing = whatIsMissing();
	if (missing) console.log(`nothing is measured with cores apart: ${missing}`);
	known = missing === undefined;
	return known;
}

function whatIsMissing(): string | undefined {
	if (cpus().length < 2) return "there is one core";
	try {
		execFileSync("taskset", ["--version"], { stdio: "ignore" });
		return undefined;
	} catch {
		return "there is no taskset (util-linux)";
	}
}

/** Puts the thread that runs JavaScript on some cores. */
function place({ pid }: Child, cores: string): void {
	execFileSync("taskset", ["-p", "-c", cores, String(pid)], {
		stdio: "ignore",
	});
}
