import { execFileSync } from "node:child_process";

const MIB = 1024 ** 2;
const LOOK_MS = 200;

/** Runs `work` and says by how much each process grew meanwhile at most, MiB of resident memory. */
export async function grownBy(
	pids: readonly number[],
	work: () => Promise<void>,
): Promise<readonly number[]> {
	const before = residentOf(pids);
	const peak = [...before];
	const timer = setInterval(() => {
		residentOf(pids).forEach((bytes, index) => {
			peak[index] = Math.max(peak[index] ?? 0, bytes);
		});
	}, LOOK_MS);
	try {
		await work();
	} finally {
		clearInterval(timer);
	}
	return peak.map((bytes, index) => (bytes - (before[index] ?? 0)) / MIB);
}

/** Resident memory of each, bytes. */
function residentOf(pids: readonly number[]): number[] {
	const out = execFileSync("ps", ["-o", "pid=,rss=", "-p", pids.join(",")], {
		encoding: "utf8",
	});
	const rows = out
		.trim()
		.split("\n")
		.map((row) => row.trim().split(/\s+/).map(Number));
	return pids.map(
		(pid) => (rows.find(([one]) => one === pid)?.[1] ?? 0) * 1024,
	);
}
