import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { EXIT } from "./exit-codes.js";
import type { Output } from "./output.js";
import type { Surroundings } from "./surroundings.js";

/** Changes within this time are one, ms: editors write a file in several steps. */
const SETTLE_MS = 100;

const SOURCE = /\.([cm]?[jt]sx?|json)$/;

/**
 * Serves a file by a process of its own, which is told whenever a source beside the file or below its folder changes, and
 * loads it anew. One that has ended, as for a file that cannot be loaded, is started again at the next change.
 * Answers the exit code of the last one, once a signal has ended it.
 */
export async function serveAndWatch(
	file: string,
	args: readonly string[],
	output: Output,
	{ program, signals }: Pick<Surroundings, "program" | "signals">,
): Promise<number> {
	const folder = dirname(resolve(file));
	const changes = new Changes(folder);
	const stop = signals.next().then(() => "stop" as const);
	try {
		for (;;) {
			const child = startChild(program, args);
			const exited = exitOf(child);
			changes.changed = () => child.send("changed");
			const first = await Promise.race([exited, stop]);
			if (first === "stop") {
				child.kill("SIGTERM");
				return await finish(child, exited, signals);
			}
			output.event({ event: "exited", code: first }, "waiting for a change");
			const change = new Promise<"change">((found) => {
				changes.changed = () => found("change");
			});
			if ((await Promise.race([change, stop])) === "stop") return first;
			output.event(
				{ event: "restarting" },
				"a source has changed: starting again",
			);
		}
	} finally {
		changes.close();
	}
}

/** Changes of sources below a folder, gathered. */
class Changes {
	/** Hears of each. */
	changed: () => void = () => undefined;
	readonly #watcher: ReturnType<typeof watch>;
	#timer: NodeJS.Timeout | undefined;

	constructor(folder: string) {
		this.#watcher = watch(folder, { recursive: true }, (_event, name) => {
			if (name === null || !isSource(name)) return;
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => this.changed(), SETTLE_MS);
		});
	}

	close(): void {
		clearTimeout(this.#timer);
		this.#watcher.close();
	}
}

function isSource(name: string): boolean {
	const hidden = name
		.split(sep)
		.some((part) => part === "node_modules" || part.startsWith("."));
	return !hidden && SOURCE.test(name);
}

/** In a process group of its own, so that a terminal's Ctrl-C reaches it through us only, and once. */
function startChild(
	[command = process.execPath, ...before]: readonly string[],
	args: readonly string[],
): ChildProcess {
	return spawn(command, [...before, ...args], {
		detached: true,
		stdio: ["inherit", "inherit", "inherit", "ipc"],
	});
}

async function exitOf(child: ChildProcess): Promise<number> {
	const [code] = (await once(child, "exit")) as [number | null];
	return code ?? EXIT.failure;
}

/** Waits until a node that was told to has stopped; another signal stops it at once. */
async function finish(
	child: ChildProcess,
	exited: Promise<number>,
	signals: Surroundings["signals"],
): Promise<number> {
	const again = signals.next().then(() => "again" as const);
	const first = await Promise.race([exited, again]);
	if (first === "again") child.kill("SIGTERM");
	return exited;
}
