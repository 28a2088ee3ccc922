import { EasyRemoteError } from "@easyremote/shared/errors";
import {
	type BucketRate,
	type Clock,
	TokenBucket,
} from "@easyremote/shared/time";
import * as v from "valibot";
import type {
	FunctionCommand,
	FunctionReport,
} from "../ports/function-port.js";
import { measuredValue } from "../ports/measured-value.js";
import { sandboxReport } from "../ports/sandbox-report.js";
import { GuardedCall } from "./guarded-call.js";
import type { FunctionPort } from "./pooled-worker.js";
import type { CallReport } from "./worker-call.js";

/** What a sandboxed Worker may cost this side. */
export interface ReportLimits {
	/** All that one call sends, and what is sent outside of calls, bytes of memory: a Worker that returns more is a bomb. */
	readonly maxCallBytes: number;
	/** Reports that no credit holds back: progress, log, requests for input. More would keep this thread from its work. */
	readonly reports: BucketRate;
	/** How often room for more items is passed on: a stream whose reader keeps up is slowed down to that. */
	readonly credits: BucketRate;
}

const DEFAULT_LIMITS: ReportLimits = {
	maxCallBytes: 256 * 1024 * 1024,
	reports: { burst: 5_000, perSecond: 1_000 },
	credits: { burst: 2_500, perSecond: 2_500 },
};

export interface GuardOptions {
	/** Hears once of what the Worker did wrong; nothing it says is passed on any more. It should be terminated. */
	readonly violated: (error: EasyRemoteError) => void;
	readonly clock: Clock;
	readonly limits?: Partial<ReportLimits>;
}

/**
 * Stands between a pool and the port of a Worker that runs somebody else's code, which may say anything on it: passes on
 * only reports that the Worker may make now, rebuilt from their known parts.
 */
export function guardedPort(
	port: MessagePort,
	options: GuardOptions,
): FunctionPort {
	return new GuardedPort(port, options);
}

class GuardedPort extends EventTarget implements FunctionPort {
	readonly #port: MessagePort;
	readonly #violated: (error: EasyRemoteError) => void;
	readonly #limits: ReportLimits;
	readonly #clock: Clock;
	readonly #reports: TokenBucket;
	readonly #credits: TokenBucket;
	#ready = false;
	#closed = false;
	/** Number of the latest call; the Worker runs one at a time. */
	#number = 0;
	#call: GuardedCall | undefined;
	#bytes = 0;

	constructor(port: MessagePort, { violated, clock, limits }: GuardOptions) {
		super();
		this.#port = port;
		this.#violated = violated;
		this.#limits = { ...DEFAULT_LIMITS, ...limits };
		this.#clock = clock;
		this.#reports = new TokenBucket(this.#limits.reports, clock);
		this.#credits = new TokenBucket(this.#limits.credits, clock);
		port.addEventListener("message", (event) => this.#take(event));
		port.addEventListener("messageerror", () =>
			this.#refuse("it sent what cannot be read"),
		);
		port.addEventListener("close", () =>
			this.dispatchEvent(new Event("close")),
		);
	}

	start(): void {
		this.#port.start();
	}

	close(): void {
		this.#closed = true;
		this.#port.close();
	}

	postMessage(command: FunctionCommand, transfer: Transferable[]): void {
		if (command.type === "credit" && !this.#credits.take()) {
			this.#clock.schedule(this.#credits.waitMs(), () =>
				this.postMessage(command, transfer),
			);
			return;
		}
		const told =
			command.type === "credit"
				? { ...command, receipt: newReceipt() }
				: command;
		this.#port.postMessage(told, transfer);
		if (told.type === "call") {
			this.#number = told.call;
			this.#call = new GuardedCall(told);
			this.#bytes = 0;
		} else if (told.call === this.#number) this.#call?.told(told);
	}

	#take({ data, ports }: MessageEvent<unknown>): void {
		if (this.#closed) return;
		const objection =
			ports.length > 0 ? "it sent a port along" : this.#measure(data);
		if (objection !== undefined) {
			this.#refuse(objection);
			return;
		}
		const parsed = v.safeParse(sandboxReport, data);
		if (parsed.success) this.#consider(parsed.output);
		else this.#refuse("it sent a report that is none");
	}

	#measure(data: unknown): string | undefined {
		try {
			this.#bytes += measuredValue(
				data,
				this.#limits.maxCallBytes - this.#bytes,
			);
			return undefined;
		} catch (error) {
			return `it sent a value that cannot be taken: ${error instanceof Error ? error.message : "unknown reason"}`;
		}
	}

	#consider(report: FunctionReport): void {
		const concerns = !("call" in report) || this.#isRunning(report);
		const objection =
			"call" in report
				? this.#objectionToCall(report)
				: this.#objection(report);
		if (objection !== undefined) this.#refuse(objection);
		else if (concerns)
			this.dispatchEvent(new MessageEvent("message", { data: report }));
	}

	#objection({
		type,
	}: Exclude<FunctionReport, { call: number }>): string | undefined {
		if (type !== "ready" || !this.#ready) {
			this.#ready ||= type === "ready";
			return undefined;
		}
		return "it said twice that it was ready";
	}

	#objectionToCall(report: CallReport): string | undefined {
		if (report.type !== "item" && !this.#reports.take())
			return "it sent more reports than can be read";
		if (this.#isRunning(report)) return this.#call?.objection(report);
		// A function may still talk when its call is over. It is not listened to.
		return report.call <= this.#number && isTalk(report)
			? undefined
			: `it sent "${report.type}" for a call that is not running`;
	}

	#isRunning({ call }: CallReport): boolean {
		return call === this.#number && this.#call?.over === false;
	}

	#refuse(why: string): void {
		this.close();
		this.#violated(
			new EasyRemoteError(
				"INTERNAL",
				`the published code was stopped: ${why}`,
				{
					hint: "tell whoever published it",
					details: { reason: "sandbox_violation" },
				},
			),
		);
	}
}

/** A number that cannot be guessed from those before. */
function newReceipt(): number {
	return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

function isTalk({ type }: CallReport): boolean {
	return (
		type === "progress" ||
		type === "log" ||
		type === "input_return" ||
		type === "input_pull"
	);
}
