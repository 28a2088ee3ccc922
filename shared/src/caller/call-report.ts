import { type Deferred, deferred } from "../async/deferred.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { type PathReport, whyNotDirect } from "../peer/path-report.js";
import type { CallMessageOf } from "../protocol/call-messages.js";
import type { PathInfo } from "../session/call-end.js";
import { present } from "../shapes/present.js";
import type { Clock } from "../time/clock.js";
import type { KnownAnswer } from "./answer-source.js";
import type { CallAttempt } from "./call-attempt.js";
import type { CallEvent } from "./call-event.js";
import { CallJournal } from "./call-journal.js";
import type { CallMeta } from "./call-meta.js";
import type { CallProgress } from "./call-progress.js";
import type { DirectStatus } from "./session-source.js";
import { TransferWatch } from "./transfer-watch.js";
import type { Agreement } from "./verify/verdict.js";

/** What is asked of an attempt when figures are drawn up. */
type AttemptFigures = Pick<
	CallAttempt,
	"nodeId" | "end" | "streams" | "queuedMs" | "runMs" | "cached" | "freshMs"
>;

/** What can be known of a call from outside: where it is, what happened, what it cost. */
export class CallReport {
	readonly id: string;
	/** How often the call was sent. */
	attempts = 0;
	readonly #clock: Clock;
	readonly #createdAt: number;
	readonly #journal: CallJournal;
	readonly #onProgress: ((progress: CallProgress) => void) | undefined;
	#attempt: AttemptFigures | undefined;
	#routeReason: string | undefined;
	#transfer: TransferWatch | undefined;
	#outcome: { readonly error: EasyRemoteError | undefined } | undefined;
	#path: PathInfo | undefined;
	/** How the direct path to the node is doing, where the call would take it. */
	#direct: DirectStatus | undefined;
	#directReport: PathReport | undefined;
	#totalMs = 0;
	#agreement: Agreement | undefined;
	#whenSettled: Deferred<CallMeta> | undefined;

	constructor(
		id: string,
		clock: Clock,
		onProgress: ((progress: CallProgress) => void) | undefined,
	) {
		this.id = id;
		this.#clock = clock;
		this.#createdAt = clock.monotonic();
		this.#journal = new CallJournal(id);
		this.#onProgress = onProgress;
	}

	/** The node of the latest attempt. */
	get nodeId(): string | undefined {
		return this.#attempt?.nodeId;
	}

	/** When the call was made, on the clock's monotonic scale, ms. */
	get createdAt(): number {
		return this.#createdAt;
	}

	/**
	 * @param reason why this node
	 * @param direct the direct path, where the call may take it
	 */
	routed(
		attempt: CallAttempt,
		reason: string,
		direct: DirectStatus | undefined,
	): void {
		this.attempts += 1;
		this.#direct = direct;
		this.#transfer?.finish(false);
		this.#transfer = undefined;
		this.#attempt = attempt;
		this.#routeReason = reason;
		this.#journal.add({
			type: "routed",
			nodeId: attempt.nodeId,
			attempt: this.attempts,
			reason,
		});
	}

	/** It was answered on this side of the node, by what was kept of it. */
	answeredHere(nodeId: string, { runMs, freshMs }: KnownAnswer): void {
		this.#direct = undefined;
		this.#attempt = {
			nodeId,
			end: undefined,
			streams: false,
			queuedMs: 0,
			runMs,
			cached: true,
			freshMs,
		};
	}

	started(attempt: CallAttempt, stream: boolean): void {
		const { nodeId, queuedMs } = attempt;
		this.#journal.add({ type: "started", nodeId, queuedMs, stream });
	}

	progressed(header: CallMessageOf<"progress">, data: unknown): void {
		const { fraction, message } = header;
		this.#tell({
			type: "progress",
			...present({ fraction, message, data }),
		});
	}

	/** Bytes moved: called for every frame, so it looks no further where nobody listens. */
	transferred(): void {
		if (!this.#onProgress && !this.#journal.watched) return;
		const end = this.#attempt?.end;
		if (!end) return;
		this.#transfer ??= new TransferWatch(this.#clock, (progress) =>
			this.#tell(progress),
		);
		this.#transfer.moved(end, this.#attempt?.streams ?? false);
	}

	logged(message: string, fields: unknown): void {
		if (this.#journal.watched)
			this.#journal.add({ type: "log", message, fields });
	}

	/** Several nodes answered; `from` tells of the one whose answer it is, if that is not this call's own. */
	verified(agreement: Agreement, from: CallReport | undefined): void {
		this.#agreement = agreement;
		if (!from) return;
		this.#attempt = from.#attempt;
		this.#routeReason = from.#routeReason;
		this.#direct = from.#direct;
	}

	/** The call is over. */
	settle(error: EasyRemoteError | undefined): void {
		this.#transfer?.finish(error === undefined);
		this.#outcome = { error };
		this.#path = this.#attempt?.end?.path;
		this.#directReport = this.#direct?.report;
		this.#totalMs = this.#clock.monotonic() - this.#createdAt;
		if (this.#journal.watched) this.#journal.add(this.#settledEvent(error));
		this.#whenSettled?.resolve(this.snapshot());
	}

	/** Milestones so far and whatever follows, until the call has settled. */
	events(): AsyncIterableIterator<CallEvent> {
		// Only now: most calls are never asked.
		if (this.#outcome && !this.#journal.settled)
			this.#journal.add(this.#settledEvent(this.#outcome.error));
		return this.#journal.read();
	}

	/** Resolves with the final figures once the call is over, whether it failed or not. */
	meta(): Promise<CallMeta> {
		if (this.#outcome) return Promise.resolve(this.snapshot());
		this.#whenSettled ??= deferred();
		return this.#whenSettled.promise;
	}

	/** The figures as of now. */
	snapshot(): CallMeta {
		const end = this.#attempt?.end;
		const path = this.#outcome ? this.#path : end?.path;
		const pathReason =
			path?.kind === "relay" ? this.#whyNotDirect() : undefined;
		return {
			id: this.id,
			nodeId: this.nodeId,
			transport: path?.kind,
			attempts: this.attempts,
			queuedMs: this.#attempt?.queuedMs ?? 0,
			runMs: this.#attempt?.runMs ?? 0,
			totalMs: this.#outcome
				? this.#totalMs
				: this.#clock.monotonic() - this.#createdAt,
			bytesSent: end?.bytesSent ?? 0,
			bytesReceived: end?.bytesReceived ?? 0,
			cached: this.#attempt?.cached ?? false,
			...present({
				routeReason: this.#routeReason,
				candidate: path?.candidate,
				rttMs: path?.rttMs,
				pathReason,
				freshMs: this.#attempt?.freshMs,
				verified: this.#agreement,
			}),
		};
	}

	#whyNotDirect(): string | undefined {
		const report = this.#outcome ? this.#directReport : this.#direct?.report;
		return report && whyNotDirect(report);
	}

	#settledEvent(error: EasyRemoteError | undefined): CallEvent {
		const status = error ? "rejected" : "fulfilled";
		return { type: "settled", status, error, meta: this.snapshot() };
	}

	#tell(progress: CallProgress): void {
		if (this.#journal.watched) this.#journal.add(progress);
		const listener = this.#onProgress;
		// Out of the session's way: what a listener throws must not look like a fault of the network.
		if (listener) queueMicrotask(() => listener(progress));
	}
}
