import { EasyRemoteError, toEasyRemoteError } from "@easyremote/shared/errors";
import type { SandboxBundle } from "../ports/sandbox-port.js";
import { requireSameCode } from "./require-same-code.js";
import { SandboxFrame } from "./sandbox-frame.js";

export interface SandboxFramesOptions {
	/** Address of the gateway's `/sandbox.html`. */
	readonly url: string | URL;
	/** A Worker is gone, and why: its code is not what was offered, it broke, or its frame's process died. */
	readonly failed: (worker: number, error: EasyRemoteError) => void;
}

/**
 * Runs published bundles on this page without trusting them: each in a Worker of a hidden frame that has no origin and
 * no network. The frame is made when first needed; when it has died, the next Worker gets a new one.
 */
export class SandboxFrames {
	readonly #options: SandboxFramesOptions;
	/** Workers that were asked for and have not ended. */
	readonly #workers = new Set<number>();
	#frame: SandboxFrame | undefined;

	constructor(options: SandboxFramesOptions) {
		this.#options = options;
	}

	/**
	 * Starts a Worker which serves the bundle on `port`, in the words of function-port.ts, once it has loaded.
	 *
	 * @param worker a number the page has not used before
	 */
	spawn(worker: number, port: MessagePort, bundle: SandboxBundle): void {
		this.#workers.add(worker);
		void this.#spawn(worker, port, bundle);
	}

	/** Ends a Worker at once, whatever it does. */
	terminate(worker: number): void {
		if (this.#workers.delete(worker))
			this.#frame?.post({ type: "kill", worker });
	}

	/**
	 * Finds out whether the frame lives; four checks without an answer, and it is dead. To be called about once a second
	 * while Workers run, by a Worker: browsers slow down the timers of hidden pages to one a minute.
	 */
	check(): void {
		this.#frame?.check();
	}

	/** Ends all Workers, without a word about each. */
	close(): void {
		this.#workers.clear();
		this.#frame?.remove();
		this.#frame = undefined;
	}

	async #spawn(
		worker: number,
		port: MessagePort,
		{ sha256, code, webgpu }: SandboxBundle,
	): Promise<void> {
		try {
			await requireSameCode(code, sha256);
		} catch (error) {
			port.close();
			this.#fail(worker, toEasyRemoteError(error));
			return;
		}
		if (!this.#workers.has(worker)) return;
		this.#living().post(
			{ type: "spawn", worker, boot: { port, code, webgpu } },
			[port, code],
		);
	}

	#living(): SandboxFrame {
		this.#frame ??= new SandboxFrame(String(this.#options.url), {
			failed: (worker) =>
				this.#fail(worker, gone("it broke, or could not be started")),
			dead: () => this.#bury(),
		});
		return this.#frame;
	}

	#bury(): void {
		const workers = [...this.#workers];
		this.close();
		for (const worker of workers)
			this.#options.failed(
				worker,
				gone("the sandbox stopped answering; most often it used up its memory"),
			);
	}

	#fail(worker: number, error: EasyRemoteError): void {
		if (this.#workers.delete(worker)) this.#options.failed(worker, error);
	}
}

function gone(why: string): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the sandboxed Worker is gone: ${why}`,
		{ details: { reason: "worker_lost" } },
	);
}
