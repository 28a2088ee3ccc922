import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sourceFlags } from "./child.js";
import type { Closeable } from "./network.js";

/** One program of an example, run as its README says. */
export class Example implements Closeable {
	readonly #child: ChildProcess;
	#printed = "";
	#complaints = "";

	/** @param program path within the folder of examples */
	constructor(
		program: string,
		env: Readonly<Record<string, string>> = {},
		args: readonly string[] = [],
	) {
		const folder = new URL("../../examples/", import.meta.url);
		const file = fileURLToPath(new URL(program, folder));
		this.#child = spawn(process.execPath, [...sourceFlags, file, ...args], {
			env: { ...process.env, ...env },
			stdio: ["ignore", "pipe", "pipe"],
		});
		this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
			this.#printed += text;
		});
		this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.#complaints += text;
		});
	}

	/** Waits until it has printed that; gives the first group. */
	async prints(pattern: RegExp): Promise<string> {
		for (;;) {
			const found = pattern.exec(this.#printed);
			if (found) return found[1] ?? found[0];
			if (this.#ended)
				throw new Error(`it ended early:\n${this.#printed}${this.#complaints}`);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}

	/** Waits for its own end; gives everything it printed. Throws unless it ends well. */
	async result(): Promise<string> {
		if (!this.#ended) await once(this.#child, "close");
		if (this.#child.exitCode !== 0)
			throw new Error(`it failed:\n${this.#printed}${this.#complaints}`);
		return this.#printed;
	}

	/** Ctrl-C; ends well. */
	async close(): Promise<void> {
		if (this.#ended) return;
		this.#child.kill("SIGINT");
		await this.result();
	}

	get #ended(): boolean {
		return this.#child.exitCode !== null || this.#child.signalCode !== null;
	}
}
