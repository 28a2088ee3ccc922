import type { EncodedValue } from "../codec/encoded-value.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import type { CallMessageOf } from "../protocol/call-messages.js";
import type { PathKind } from "../session/call-end.js";
import type { CancelTimer } from "../time/clock.js";
import type { Dated } from "../time/deadline-watch.js";
import {
	type AnswerPlace,
	findAnswer,
	type KnownAnswer,
} from "./answer-source.js";
import { type AttemptOwner, CallAttempt } from "./call-attempt.js";
import type { CallContext } from "./call-context.js";
import { asCallError, cancelled } from "./call-error.js";
import { type CallPhase, timeIsUp } from "./call-failures.js";
import { callHeader } from "./call-header.js";
import {
	CallJourney,
	type Destination,
	type Traveller,
} from "./call-journey.js";
import type { CallWatch } from "./call-observer.js";
import { type CallPayload, preparePayload } from "./call-payload.js";
import { CallReport } from "./call-report.js";
import type { CallRequest } from "./call-request.js";
import { type CallSettings, settleOptions } from "./call-settings.js";
import { nameAt } from "./reference.js";
import { RetryLog } from "./retry-policy.js";
import type { Route } from "./route-source.js";
import type { StreamReader } from "./stream-reader.js";

/** How a run tells its promise. */
export interface Settlers {
	readonly resolve: (value: unknown) => void;
	readonly reject: (error: EasyRemoteError) => void;
}

/** A node that was chosen, and from when on it counts the call as in flight. */
interface Busy {
	readonly nodeId: string;
	readonly route: Route;
	/** Undefined until the call is sent. */
	readonly sinceMs: number | undefined;
}

/** One call from start to end: a journey to a node, an attempt there, and again where that is allowed. */
export class CallRun implements AttemptOwner, Dated, Traveller {
	readonly report: CallReport;
	watchPlace: number | undefined = undefined;
	readonly #context: CallContext;
	readonly #request: CallRequest;
	#settlers: Settlers | undefined;
	#watch: CallWatch | undefined;
	#settings: CallSettings;
	#payload: CallPayload | undefined;
	#journey: CallJourney | undefined;
	#phase: CallPhase = "connecting";
	#deadlineAt = Number.POSITIVE_INFINITY;
	#attempt: CallAttempt | undefined;
	#destination: Destination | undefined;
	#reader: StreamReader<unknown> | undefined;
	#busy: Busy | undefined;
	#place: AnswerPlace | undefined;
	#retryLog: RetryLog | undefined;
	#cancelTimer: CancelTimer | undefined;
	#onAbort: (() => void) | undefined;
	#over = false;
	/** The call is with a node that has neither answered nor refused it. */
	#out = false;
	#mayHaveStarted = false;

	constructor(id: string, request: CallRequest, context: CallContext) {
		this.#context = context;
		this.#request = request;
		this.#settings = context.defaults;
		const onProgress = request.options?.onProgress;
		this.report = new CallReport(id, context.clock, onProgress);
	}

	get deadlineAt(): number {
		return this.#deadlineAt;
	}

	get over(): boolean {
		return this.#over;
	}

	/** Whether the function may have begun to run, in any attempt: false only where that is ruled out. */
	get mayHaveStarted(): boolean {
		return this.#out || this.#mayHaveStarted;
	}

	/** Begins. Nothing is thrown: every failure reaches the promise. */
	start(settlers: Settlers): void {
		this.#settlers = settlers;
		const { options, input, target } = this.#request;
		const { id } = this.report;
		const traceparent = options?.traceparent;
		this.#watch = this.#context.observer?.began({ id, target, traceparent });
		try {
			this.#settings = settleOptions(options, this.#context.defaults);
			this.#payload = preparePayload(input);
		} catch (error) {
			this.#fail(asCallError(error, this.report.id));
			return;
		}
		this.#deadlineAt = this.report.createdAt + this.#settings.timeoutMs;
		this.#obey(options?.signal);
		if (this.#over) return;
		this.#context.deadlines.add(this);
		const errand = {
			target,
			prefer: this.#request.prefer,
			settings: this.#settings,
			payloadBytes: this.#payload.bytes,
		};
		this.#journey = new CallJourney(this.#context, errand, this);
		const allowed = this.#watch?.allow?.();
		if (allowed) this.#whenAllowed(allowed);
		else this.#journey.begin();
	}

	#whenAllowed(allowed: Promise<void>): void {
		allowed.then(
			() => {
				if (!this.#over) this.#journey?.begin();
			},
			(error: unknown) => this.#fail(asCallError(error, this.report.id)),
		);
	}

	/** Ends the call with CANCELLED, here and on the node. Late or repeated calls do nothing. */
	cancel(reason: unknown): void {
		this.#end(cancelled(reason, this.report.id));
	}

	expire(): void {
		const { timeoutMs } = this.#settings;
		this.#end(timeIsUp(this.report.id, timeoutMs, this.#phaseNow()));
	}

	#obey(signal: AbortSignal | undefined): void {
		if (!signal) return;
		if (signal.aborted) {
			this.cancel(signal.reason);
			return;
		}
		this.#onAbort = () => {
			this.cancel(signal.reason);
		};
		signal.addEventListener("abort", this.#onAbort);
	}

	// ── what the journey tells ──

	headedFor(destination: Destination): void {
		this.#destination = destination;
		const { nodeId, route } = destination;
		this.#busy = { nodeId, route, sinceMs: undefined };
	}

	arrived(destination: Destination, path: PathKind | "any"): void {
		const payload = this.#payload;
		if (!payload) return;
		const { answers } = this.#context;
		const finding = findAnswer(answers, this.#request, payload, destination);
		if (!finding) {
			this.#send(destination, path, payload);
			return;
		}
		finding
			.then((place) => {
				this.#place = place;
				if (this.#over) return;
				const known = this.#settings.cache ? place.known : undefined;
				if (known) this.#answerWith(known, destination);
				else this.#send(destination, path, payload);
			})
			.catch((error: unknown) => this.stranded(toEasyRemoteError(error)));
	}

	#answerWith(known: KnownAnswer, { nodeId }: Destination): void {
		this.report.answeredHere(nodeId, known);
		if (this.#finish(undefined)) this.#settlers?.resolve(known.value);
	}

	#send(
		destination: Destination,
		path: PathKind | "any",
		payload: CallPayload,
	): void {
		const { nodeId, route, session, reason } = destination;
		const { clock, inFlight } = this.#context;
		const nowMs = clock.monotonic();
		const attempt = new CallAttempt(nodeId, this, this.#request.raw ?? false);
		this.#attempt = attempt;
		this.#out = true;
		this.#phase = "queued";
		this.#busy = { nodeId, route, sinceMs: nowMs };
		inFlight.add(nodeId);
		const mayGoDirect = this.#settings.transport !== "relay";
		const direct = mayGoDirect ? session.direct : undefined;
		this.report.routed(attempt, reason, direct);
		const header = callHeader(this.#request, payload, {
			id: this.report.id,
			functionName: nameAt(destination.provider, this.#request.target),
			number: this.report.attempts,
			remainingMs: this.#deadlineAt - nowMs,
			cache: this.#settings.cache,
			traceparent:
				this.#watch?.traceparent ?? this.#request.options?.traceparent,
		});
		attempt.begin(session.session.open(attempt, path), header, payload);
	}

	stranded(error: EasyRemoteError): void {
		this.#retryOrFail(error, false);
	}

	// ── what the attempt tells ──

	accepted(reader: StreamReader<unknown> | undefined): void {
		this.#mayHaveStarted = true;
		this.#phase = "running";
		if (this.#attempt) this.report.started(this.#attempt, reader !== undefined);
		if (!reader) return;
		this.#reader = reader;
		this.#settlers?.resolve(reader);
	}

	progressed(header: CallMessageOf<"progress">, data: unknown): void {
		this.report.progressed(header, data);
	}

	logged(message: string, fields: unknown): void {
		this.report.logged(message, fields);
	}

	transferred(): void {
		this.report.transferred();
	}

	answered(value: unknown): void {
		const { freshMs, runMs = 0 } = this.#attempt ?? {};
		// Left encoded, or there would be no place for it.
		if (freshMs !== undefined)
			this.#place?.keep({
				value: value as EncodedValue | undefined,
				freshMs,
				runMs,
			});
		if (this.#finish(undefined)) this.#settlers?.resolve(value);
	}

	streamEnded(): void {
		this.#finish(undefined);
	}

	failed(error: EasyRemoteError, mayHaveStarted: boolean): void {
		this.#out = false;
		this.#mayHaveStarted ||= mayHaveStarted || this.#attempt?.cut === true;
		this.#retryOrFail(error, mayHaveStarted);
	}

	abandoned(reason: unknown): void {
		this.cancel(reason ?? "the reader of the stream left");
	}

	// ── the end, or another try ──

	#retryOrFail(error: EasyRemoteError, mayHaveStarted: boolean): void {
		if (this.#over) return;
		const { clock } = this.#context;
		// A stream already handed over cannot begin anew.
		const delayMs = this.#reader
			? undefined
			: this.#delayBeforeRetry(error, mayHaveStarted);
		const pointless =
			delayMs === undefined || clock.monotonic() + delayMs >= this.#deadlineAt;
		if (pointless) {
			this.#fail(asCallError(error, this.report.id));
			return;
		}
		this.#leaveNode(error);
		this.#phase = "queued";
		const again = () => {
			if (this.#over) return;
			this.#phase = "connecting";
			this.#journey?.begin(this.#retryLog?.failed);
		};
		// Even at once it is a turn later: the session that failed is still telling its other calls.
		if (delayMs === 0) queueMicrotask(again);
		else this.#cancelTimer = clock.schedule(delayMs, again);
	}

	#delayBeforeRetry(
		error: EasyRemoteError,
		mayHaveStarted: boolean,
	): number | undefined {
		this.#retryLog ??= new RetryLog();
		return this.#retryLog.next(
			{
				error,
				mayHaveStarted,
				retries: this.#settings.retries,
				failedAt: this.#destination?.provider,
				providers: this.#destination?.route.providers ?? [],
				target: this.#request.target,
			},
			this.#context.random,
		);
	}

	#end(error: EasyRemoteError): void {
		if (this.#over) return;
		this.#attempt?.cancel(error);
		this.#reader?.abort(error);
		this.#fail(error);
	}

	#fail(error: EasyRemoteError): void {
		if (!this.#finish(error)) return;
		if (this.#reader) this.#reader.fail(error);
		else this.#settlers?.reject(error);
	}

	#finish(error: EasyRemoteError | undefined): boolean {
		if (this.#over) return false;
		this.#over = true;
		this.#context.deadlines.remove(this);
		this.#leaveNode(error);
		this.#cancelTimer?.();
		this.#journey?.end();
		if (this.#onAbort) {
			const signal = this.#request.options?.signal;
			signal?.removeEventListener("abort", this.#onAbort);
		}
		this.#payload = undefined;
		this.report.settle(error);
		this.#watch?.settled(this.report.snapshot(), error);
		return true;
	}

	/** The node is done with the attempt; what it was like counts for the next choice. */
	#leaveNode(error: EasyRemoteError | undefined): void {
		const busy = this.#busy;
		if (!busy) return;
		this.#busy = undefined;
		const { nodeId, route, sinceMs } = busy;
		const { inFlight, clock } = this.#context;
		if (sinceMs === undefined) {
			this.#context.released(route, nodeId);
			return;
		}
		inFlight.remove(nodeId);
		const ms = clock.monotonic() - sinceMs;
		const accepted = this.#attempt?.accepted ?? false;
		this.#context.settled(route, nodeId, { ms, error, accepted });
	}

	#phaseNow(): CallPhase {
		if (this.#phase !== "queued" || !this.#attempt) return this.#phase;
		return this.#attempt.end?.path ? "queued" : "connecting";
	}
}
