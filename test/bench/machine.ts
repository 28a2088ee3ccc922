import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, totalmem, type } from "node:os";

const require = createRequire(import.meta.url);

/** Lines that say what the numbers were measured on. */
export function describeMachine(): readonly string[] {
	const [cpu] = cpus();
	const memory = Math.round(totalmem() / 1024 ** 3);
	const packages = ["ws", "bufferutil", "node-datachannel", "simple-peer"];
	return [
		`${cpus().length} × ${cpu?.model ?? "unknown CPU"}, ${memory} GiB, ${type()} ${release()}`,
		`Node ${process.version}, ${packages.map((name) => `${name} ${versionOf(name)}`).join(", ")}`,
		`commit ${commit()}`,
	];
}

function versionOf(name: string): string {
	for (const folder of require.resolve.paths(name) ?? []) {
		try {
			const text = readFileSync(`${folder}/${name}/package.json`, "utf8");
			return (JSON.parse(text) as { version: string }).version;
		} catch {
			// Not in this folder.
		}
	}
	return "absent";
}

function commit(): string {
	try {
		const options = { encoding: "utf8", cwd: import.meta.dirname } as const;
		return execFileSync(
			"git",
			["rev-parse", "--short", "HEAD"],
			options,
		).trim();
	} catch {
		return "unknown";
	}
}
