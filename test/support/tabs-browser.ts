import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { WebSocket } from "ws";
import { chromiumArgs, ensureChromium } from "./chromium.js";
import { type TempFolder, tempFolder } from "./temp-folder.js";

interface Answer {
	readonly id?: number;
	readonly result?: Record<string, unknown>;
	readonly error?: { readonly message: string };
}

/** One tab. */
export interface Tab {
	/** The value of an expression in its page, awaited. Throws what that throws. */
	evaluate<T>(expression: string): Promise<T>;
	/** Puts it in front: the others of its window are hidden then. */
	activate(): Promise<void>;
}

/**
 * A browser as a person has it: its tabs are hidden and throttled when others are in front, and it can be suspended. Playwright
 * keeps its pages from both, so this one is driven by the DevTools protocol alone.
 */
export class TabsBrowser {
	readonly #folder: TempFolder;
	readonly #process: ChildProcess;
	readonly #socket: WebSocket;
	readonly #waiting = new Map<number, (answer: Answer) => void>();
	#last = 0;

	private constructor(
		folder: TempFolder,
		process: ChildProcess,
		socket: WebSocket,
	) {
		this.#folder = folder;
		this.#process = process;
		this.#socket = socket;
		socket.on("message", (data: Buffer) => {
			const answer = JSON.parse(data.toString()) as Answer;
			if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
		});
	}

	static async start(flags: readonly string[] = []): Promise<TabsBrowser> {
		const folder = await tempFolder();
		// A process group of its own, which can be suspended as a whole.
		const child = spawn(
			ensureChromium(),
			[
				...["--headless=new", "--remote-debugging-port=0"],
				...[`--user-data-dir=${folder.path}`, "--no-default-browser-check"],
				...[...chromiumArgs, ...flags, "about:blank"],
			],
			{
				detached: true,
				stdio: ["ignore", "ignore", "pipe"],
				// It is killed in the end, and leaves there what it would have tidied up.
				env: { ...process.env, TMPDIR: folder.path },
			},
		);
		for await (const line of createInterface({ input: child.stderr })) {
			const [, address] = /^DevTools listening on (ws:.*)$/.exec(line) ?? [];
			if (address === undefined) continue;
			child.stderr.resume();
			const socket = new WebSocket(address);
			await once(socket, "open");
			return new TabsBrowser(folder, child, socket);
		}
		throw new Error("the browser ended before it could be driven");
	}

	/** Opens an address in a new tab, in front of the others. */
	async open(url: string): Promise<Tab> {
		const { targetId } = await this.#ask("Target.createTarget", { url });
		const { sessionId } = await this.#ask("Target.attachToTarget", {
			targetId,
			flatten: true,
		});
		const tab: Tab = {
			evaluate: async <T>(expression: string) => {
				const { result, exceptionDetails } = await this.#ask(
					"Runtime.evaluate",
					{ expression, awaitPromise: true, returnByValue: true },
					sessionId as string,
				);
				if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
				return (result as { value: T }).value;
			},
			activate: async () => {
				await this.#ask("Target.activateTarget", { targetId });
			},
		};
		return tab;
	}

	/** Stops all of its processes where they are, as a machine that goes to sleep does. */
	suspend(): void {
		this.#signal("SIGSTOP");
	}

	resume(): void {
		this.#signal("SIGCONT");
	}

	async close(): Promise<void> {
		this.#socket.terminate();
		const ended = once(this.#process, "exit");
		this.#signal("SIGKILL");
		await ended;
		await this.#folder.close();
	}

	#signal(signal: NodeJS.Signals): void {
		const { pid } = this.#process;
		if (pid !== undefined && this.#process.exitCode === null)
			process.kill(-pid, signal);
	}

	async #ask(
		method: string,
		params: Record<string, unknown>,
		sessionId?: string,
	): Promise<Record<string, unknown>> {
		this.#last += 1;
		const id = this.#last;
		const answered = new Promise<Answer>((resolve) =>
			this.#waiting.set(id, resolve),
		);
		this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
		const { result, error } = await answered;
		this.#waiting.delete(id);
		if (!result) throw new Error(`${method}: ${error?.message ?? "no result"}`);
		return result;
	}
}
