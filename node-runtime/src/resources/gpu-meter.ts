import { execFile } from "node:child_process";
import type { NodeResources } from "@easyremote/shared/protocol";

export type Gpu = NodeResources["gpus"][number];

const QUERY = [
	"--query-gpu=name,memory.total,memory.used",
	"--format=csv,noheader,nounits",
];
const TIMEOUT_MS = 3_000;
const MIB = 1024 * 1024;

/**
 * Asks `nvidia-smi` for the GPUs of this machine, without blocking; none where the program is missing or fails.
 * (systeminformation would run it synchronously, which takes up to a second.)
 */
export function readGpus(): Promise<readonly Gpu[]> {
	return new Promise((resolve) => {
		execFile(
			"nvidia-smi",
			QUERY,
			{ timeout: TIMEOUT_MS, windowsHide: true },
			(error, output) => resolve(error ? [] : parseGpus(output)),
		);
	});
}

/** Reads lines of `name, MiB in all, MiB in use`; lines of another form are left out. */
export function parseGpus(csv: string): readonly Gpu[] {
	const gpus: Gpu[] = [];
	for (const line of csv.split("\n")) {
		const [name, total, used] = line.split(",").map((field) => field.trim());
		const totalMib = Number(total);
		const usedMib = Number(used);
		if (!name || !(totalMib > 0) || !(usedMib >= 0)) continue;
		gpus.push({
			name,
			memoryBytes: totalMib * MIB,
			memoryUsage: Math.min(usedMib / totalMib, 1),
		});
	}
	return gpus;
}
