import { spawnSync } from "node:child_process";

/** The command of a container engine that runs here, or why there is none. */
export type ContainerEngine =
	| { readonly command: string }
	| { readonly missing: string };

/** Looks for Docker and Podman, and whether they have an engine to talk to. */
export function findContainerEngine(): ContainerEngine {
	const reasons: string[] = [];
	for (const command of ["docker", "podman"]) {
		const asked = spawnSync(command, ["info"], { encoding: "utf8" });
		if (asked.status === 0) return { command };
		const [reason] = (asked.error?.message ?? asked.stderr).trim().split("\n");
		reasons.push(`${command}: ${reason ?? "no answer"}`);
	}
	return { missing: reasons.join("; ") };
}
