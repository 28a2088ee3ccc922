import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const loader = pathToFileURL(
	createRequire(import.meta.url).resolve("tsx"),
).href;

/** What makes Node run this repository's TypeScript from its sources. */
export const sourceFlags: readonly string[] = [
	"-C",
	"@easyremote/source",
	"--import",
	loader,
];

/** The same for a program that uses the packages as they are published: built. */
const builtFlags: readonly string[] = ["--import", loader];

/** How a process ended: its exit code, or the signal that ended it. */
export interface ChildExit {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions {
	readonly args?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly nodeFlags?: readonly string[];
	readonly cwd?: string;
	/** Whether packages resolve to what was built, as for users, instead of to their sources. */
	readonly built?: boolean;
	/** A command that runs the program, such as `ip netns exec NAME`. */
	readonly under?: readonly string[];
}

const living = new Set<Child>();
// Whatever ends this process, no child outlives it.
process.on("exit", () => {
	for (const child of living) child.signal("SIGKILL");
});

/** A TypeScript file running as a process of its own, with a line of messages to it ({@link Child.ask}). */
export class Child {
	/** How it ended, once all its output was read. */
	readonly exited: Promise<ChildExit>;
	stdout = "";
	stderr = "";
	readonly #process: ChildProcess;
	readonly #pending = new Map<number, (answer: Answer) => void>();
	readonly #watchers = new Set<() => void>();
	#asked = 0;
	#exit: ChildExit | undefined;

	constructor(file: URL, options: ChildOptions = {}) {
		const [execPath, ...before] = [...(options.under ?? []), process.execPath];
		this.#process = fork(fileURLToPath(file), options.args ?? [], {
			execPath,
			execArgv: [
				...before,
				...(options.built ? builtFlags : sourceFlags),
				...(options.nodeFlags ?? []),
			],
			env: { ...process.env, NO_COLOR: "1", ...options.env },
			stdio: ["ignore", "pipe", "pipe", "ipc"],
			serialization: "advanced",
			...(options.cwd === undefined ? {} : { cwd: options.cwd }),
		});
		living.add(this);
		this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => {
			this.stdout += text;
			this.#wake();
		});
		this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.stderr += text;
			this.#wake();
		});
		this.#process.on("message", (answer: Answer) => {
			this.#pending.get(answer.id)?.(answer);
			this.#pending.delete(answer.id);
		});
		this.exited = new Promise((resolve) => {
			this.#process.on("close", (code, signal) => {
				this.#exit = { code, signal };
				living.delete(this);
				for (const settle of this.#pending.values())
					settle({ id: 0, error: this.#describe("ended") });
				this.#pending.clear();
				this.#wake();
				resolve(this.#exit);
			});
		});
		this.#process.on("error", () => {
			// Reported by "close"; an ended child may still be sent a message or a signal.
		});
	}

	get pid(): number {
		return this.#process.pid ?? 0;
	}

	get running(): boolean {
		return this.#exit === undefined;
	}

	/** Asks a program that called `answer()` (see answer.ts); rejects with what it threw, or when it ends. */
	ask<T>(command: string, argument?: unknown): Promise<T> {
		const id = ++this.#asked;
		return new Promise<T>((resolve, reject) => {
			if (!this.running || !this.#process.connected) {
				reject(new Error(this.#describe("is gone")));
				return;
			}
			this.#pending.set(id, (answer) => {
				if (answer.error === undefined) resolve(answer.value as T);
				else reject(new Error(answer.error));
			});
			this.#process.send({ id, command, argument });
		});
	}

	/** Waits for a line on standard output; rejects when the process ends without it. */
	async line(matches: (line: string) => boolean): Promise<string> {
		for (;;) {
			const complete = this.stdout.slice(0, this.stdout.lastIndexOf("\n") + 1);
			const line = complete.split("\n").find((text) => text && matches(text));
			if (line !== undefined) return line;
			if (!this.running)
				throw new Error(this.#describe("ended without the awaited line"));
			await new Promise<void>((resolve) => this.#watchers.add(resolve));
		}
	}

	/** Sends a signal to this process alone. */
	signal(signal: NodeJS.Signals): void {
		if (this.running) this.#process.kill(signal);
	}

	/** Closes the line of messages, as the death of the parent would. */
	disconnect(): void {
		if (this.#process.connected) this.#process.disconnect();
	}

	/** Ends it at once and waits until it is gone. */
	async close(): Promise<void> {
		this.signal("SIGKILL");
		await this.exited;
	}

	#wake(): void {
		const watchers = [...this.#watchers];
		this.#watchers.clear();
		for (const watcher of watchers) watcher();
	}

	#describe(what: string): string {
		return `process ${this.pid} ${what} (${JSON.stringify(this.#exit)})\n${this.stdout}${this.stderr}`;
	}
}

interface Answer {
	readonly id: number;
	readonly value?: unknown;
	readonly error?: string;
}
