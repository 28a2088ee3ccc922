import type { CancelTimer, Clock } from "@easyremote/shared/time";
import { transfer } from "comlink";
import type { PageApi } from "../ports/page-port.js";
import type { SandboxBundle } from "../ports/sandbox-port.js";
import { guardedPort, type ReportLimits } from "./guarded-port.js";
import type { SpawnWorker } from "./pooled-worker.js";

/** The part of the page that runs published bundles. */
export type SandboxPage = Pick<
	PageApi,
	"spawnSandboxed" | "terminateSandboxed" | "checkSandbox"
>;

/** How often the page looks whether its sandbox lives, ms. */
const CHECK_INTERVAL_MS = 1_000;

/** Asks the page for Workers in its sandbox, and believes nothing they say. */
export class SandboxedWorkers {
	readonly #page: SandboxPage;
	readonly #clock: Clock;
	readonly #limits: Partial<ReportLimits>;
	readonly #failed = new Map<number, (error: Error) => void>();
	#cancelCheck: CancelTimer | undefined;
	#last = 0;

	constructor(
		page: SandboxPage,
		clock: Clock,
		limits: Partial<ReportLimits> = {},
	) {
		this.#page = page;
		this.#clock = clock;
		this.#limits = limits;
	}

	/**
	 * What starts Workers of a bundle: the `spawn` of its WorkerPool, whose `isolation` is the bundle's.
	 * The code is checked against its hash each time, on the page.
	 */
	spawnFor(bundle: SandboxBundle): SpawnWorker {
		return (failed) => {
			this.#last += 1;
			const id = this.#last;
			const { port1, port2 } = new MessageChannel();
			if (this.#failed.size === 0) this.#checkLater();
			this.#failed.set(id, failed);
			this.#page.spawnSandboxed(id, transfer(port2, [port2]), bundle);
			return {
				port: guardedPort(port1, {
					violated: failed,
					clock: this.#clock,
					limits: this.#limits,
				}),
				terminate: () => {
					this.#failed.delete(id);
					if (this.#failed.size === 0) this.#cancelCheck?.();
					this.#page.terminateSandboxed(id);
				},
			};
		};
	}

	/** The page could not start a Worker, or lost it. */
	failed(id: number, error: Error): void {
		this.#failed.get(id)?.(error);
	}

	#checkLater(): void {
		this.#cancelCheck = this.#clock.schedule(CHECK_INTERVAL_MS, () => {
			this.#page.checkSandbox();
			this.#checkLater();
		});
	}
}
