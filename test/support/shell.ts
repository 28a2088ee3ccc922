import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sourceFlags } from "./child.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const COMMANDS = {
	"easyremote-gateway": "gateway/src/cli/main.ts",
	"easyremote-node": "node-runtime/src/cli/main.ts",
	easyremote: "client/src/cli/main.ts",
} as const;

/** A folder as a user has it after `npm install`: the packages resolve, and their commands are on the path. */
export class Shell {
	readonly #folder: string;
	readonly #env: NodeJS.ProcessEnv;
	readonly #staying: ChildProcess[] = [];

	private constructor(folder: string, env: Readonly<Record<string, string>>) {
		this.#folder = folder;
		const path = `${join(folder, ".bin")}${delimiter}${process.env["PATH"] ?? ""}`;
		this.#env = { ...process.env, NO_COLOR: "1", ...env, PATH: path };
	}

	/** Furnishes an empty folder. */
	static async in(
		folder: string,
		env: Readonly<Record<string, string>>,
	): Promise<Shell> {
		await symlink(join(root, "node_modules"), join(folder, "node_modules"));
		const bin = join(folder, ".bin");
		await mkdir(bin);
		const node = [process.execPath, ...sourceFlags].map(quote).join(" ");
		const shims = new Map([
			["npx", 'exec "$@"'],
			["tsx", `exec ${node} "$@"`],
			["node", `exec ${node} "$@"`],
		]);
		for (const [name, main] of Object.entries(COMMANDS))
			shims.set(name, `exec ${node} ${quote(join(root, main))} "$@"`);
		for (const [name, line] of shims) {
			await writeFile(join(bin, name), `#!/bin/sh\n${line}\n`);
			await chmod(join(bin, name), 0o755);
		}
		return new Shell(folder, env);
	}

	/** Runs a line to its end; gives what it printed. Throws unless it ends with 0. */
	async run(line: string): Promise<string> {
		const child = this.#spawn(line);
		let out = "";
		let error = "";
		child.stdout?.on("data", (text: string) => {
			out += text;
		});
		child.stderr?.on("data", (text: string) => {
			error += text;
		});
		const code = await ended(child);
		if (code !== 0)
			throw new Error(`${line}\nended with ${code}\n${out}${error}`);
		return out;
	}

	/** Starts a line that goes on running; `ready` is asked until it says so. */
	async stay(line: string, ready: () => Promise<boolean>): Promise<void> {
		// exec: the process is the program, not a shell around it.
		const child = this.#spawn(`exec ${line}`);
		this.#staying.push(child);
		let error = "";
		child.stderr?.on("data", (text: string) => {
			error += text;
		});
		child.stdout?.resume();
		while (!(await ready())) {
			if (child.exitCode !== null)
				throw new Error(`${line}\nended with ${child.exitCode}\n${error}`);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}

	/** Ends what is still running, newest first, as Ctrl-C would. */
	async close(): Promise<void> {
		for (const child of this.#staying.splice(0).reverse()) {
			child.kill("SIGTERM");
			await ended(child);
		}
	}

	#spawn(line: string): ChildProcess {
		const child = spawn("sh", ["-c", line], {
			cwd: this.#folder,
			env: this.#env,
			stdio: ["ignore", "pipe", "pipe"],
		});
		child.stdout.setEncoding("utf8");
		child.stderr.setEncoding("utf8");
		return child;
	}
}

async function ended(child: ChildProcess): Promise<number | null> {
	if (child.exitCode === null && child.signalCode === null)
		await new Promise((resolve) => child.once("close", resolve));
	return child.exitCode;
}

function quote(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
