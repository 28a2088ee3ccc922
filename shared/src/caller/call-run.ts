import { bothOf } from "../async/both-of.js";
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
import { CallJourney, type Traveller } from "./call-journey.js";
import type { CallWatch } from "./call-observer.js";
import { type CallPayload, preparePayload } from "./call-payload.js";
import { CallReport } from "./call-report.js";
import type { CallRequest } from "./call-request.js";
import { type CallSettings, settleOptions } from "./call-settings.js";
import type { Destination } from "./destination.js";
import { obeySignal } from "./obey-signal.js";
import { NodeStay } from "./node-stay.js";
import { nameAt } from "./reference.js";
import { RetryLog } from "./retry-policy.js";
import type { Settlers } from "./settlers.js";
import type { StreamReader } from "./stream-reader.js";
import { isResult } from "./verify/is-result.js";
import { verifications } from "./verify/lazy-verification.js";
import type { ReplicaTerms } from "./verify/replica.js";
import type { Verification, Verified } from "./verify/verification.js";

/** One call from start to end: a journey to a node, an attempt there, and again where that is allowed. */
export class CallRun implements AttemptOwner, Dated, Traveller {
	readonly report: CallReport;
	watchPlace: number | undefined = undefined;
	readonly #context: CallContext;
	readonly #request: CallRequest;
	/** Of a run that checks another's result. */
	readonly #terms: ReplicaTerms | undefined;
	readonly #stay: NodeStay;
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
	#place: AnswerPlace | undefined;
	#verification: Verification | undefined;
	#retryLog: RetryLog | undefined;
	#cancelTimer: CancelTimer | undefined;
	#disobey: (() => void) | undefined;
	#over = false;
	/** The call is with a node that has neither answered nor refused it. */
	#out = false;
	#mayHaveStarted = false;

	/** @param terms of a run that checks another's result: it knows where to go, and is not checked itself */
	constructor(
		id: string,
		request: CallRequest,
		context: CallContext,
		terms?: ReplicaTerms,
	) {
		this.#context = context;
		this.#request = request;
		this.#terms = terms;
		this.#stay = new NodeStay(context);
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
		const { options, target } = this.#request;
		const { id } = this.report;
		const traceparent = options?.traceparent;
		const replica = this.#terms && true;
		const begun = { id, target, traceparent, replica };
		this.#watch = this.#context.observer?.began(begun);
		try {
			this.#settings = settleOptions(options, this.#context.defaults);
			this.#payload = preparePayload(this.#request);
		} catch (error) {
			this.#failWith(error);
			return;
		}
		this.#deadlineAt = this.report.createdAt + this.#settings.timeoutMs;
		this.#disobey = obeySignal(options?.signal, (reason) =>
			this.cancel(reason),
		);
		if (this.#over) return;
		this.#context.deadlines.add(this);
		const errand = {
			target,
			prefer: this.#request.prefer,
			settings: this.#settings,
			payloadBytes: this.#payload.bytes,
			terms: this.#terms,
		};
		this.#journey = new CallJourney(this.#context, errand, this);
		const setOut = () => {
			if (!this.#over) this.#journey?.begin();
		};
		const allowed = bothOf(this.#watch?.allow?.(), this.#payload.checked);
		if (!allowed) setOut();
		else allowed.then(setOut, (error: unknown) => this.#failWith(error));
	}

	/** Ends the call with CANCELLED, here and on the node. Late or repeated calls do nothing. */
	cancel(reason: unknown): void {
		this.#end(cancelled(reason, this.report.id));
	}

	expire(): void {
		const { timeoutMs } = this.#settings;
		this.#end(timeIsUp(this.report.id, timeoutMs, this.#phaseNow()));
	}

	// ── what the journey tells ──

	headedFor(destination: Destination): void {
		this.#destination = destination;
		this.#stay.chosen(destination.nodeId, destination.route);
		this.#terms?.headed(destination.provider);
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
		const { nodeId, provider, session, reason } = destination;
		const checked = provider.donor !== undefined || this.#settings.quorum > 1;
		if (checked && !this.#verify(destination, payload)) return;
		const nowMs = this.#context.clock.monotonic();
		const attempt = new CallAttempt(nodeId, this, this.#request.raw ?? false);
		this.#attempt = attempt;
		this.#out = true;
		this.#phase = "queued";
		this.#stay.began(nowMs);
		const mayGoDirect = this.#settings.transport !== "relay";
		const direct = mayGoDirect ? session.direct : undefined;
		this.report.routed(attempt, reason, direct);
		const header = callHeader(this.#request, payload, {
			id: this.report.id,
			functionName: nameAt(provider, this.#request.target),
			number: this.report.attempts,
			remainingMs: this.#deadlineAt - nowMs,
			cache: this.#settings.cache,
			traceparent:
				this.#watch?.traceparent ?? this.#request.options?.traceparent,
		});
		attempt.begin(session.session.open(attempt, path), header, payload);
		if (checked) this.#verification?.begin();
	}

	/** Has the answer compared with others' where that is due; false if that cannot be. */
	#verify(destination: Destination, payload: CallPayload): boolean {
		this.#verification?.moved(destination.provider);
		if (this.#verification || this.#terms) return true;
		try {
			this.#verification = verifications.code?.startVerification({
				id: this.report.id,
				request: this.#request,
				settings: this.#settings,
				payload,
				destination,
				deadlineAt: this.#deadlineAt,
				context: this.#context,
				replicate: (id, request, terms) =>
					new CallRun(id, request, this.#context, terms),
				settled: (verified) => this.#verified(verified),
				failed: (error) => this.#failWith(error),
			});
			return true;
		} catch (error) {
			this.stranded(toEasyRemoteError(error));
			return false;
		}
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
		this.#verification?.end("streams are not compared");
		this.#verification = undefined;
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
		if (this.#verification) {
			this.#leaveNode(undefined);
			this.#verification.answered({ value });
		} else this.#answer(value);
	}

	/** The call's own answer is the result. */
	#answer(value: unknown): void {
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

	/** Enough nodes have come to the same. */
	#verified({ result, agreement, from }: Verified): void {
		this.report.verified(agreement, from?.report);
		if ("error" in result) this.#failWith(result.error);
		else if (!from) this.#answer(result.value);
		else if (this.#finish(undefined)) this.#settlers?.resolve(result.value);
	}

	streamEnded(): void {
		this.#finish(undefined);
	}

	failed(error: EasyRemoteError, mayHaveStarted: boolean): void {
		this.#out = false;
		this.#mayHaveStarted ||= mayHaveStarted || this.#attempt?.cut === true;
		if (this.#verification && isResult(error)) {
			this.#leaveNode(error);
			this.#verification.answered({ error });
		} else if (this.#terms && isResult(error)) this.#failWith(error);
		else this.#retryOrFail(error, mayHaveStarted);
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
			this.#failWith(error);
			return;
		}
		this.#leaveNode(error);
		this.#phase = "queued";
		const again = () => {
			if (this.#over) return;
			this.#phase = "connecting";
			const failed = this.#retryLog?.failed;
			this.#journey?.begin(
				failed && this.#verification
					? this.#verification.avoid(failed)
					: failed,
			);
		};
		// Even at once it is a turn later: the session that failed is still telling its other calls.
		if (delayMs === 0) queueMicrotask(again);
		else this.#cancelTimer = clock.schedule(delayMs, again);
	}

	#delayBeforeRetry(
		error: EasyRemoteError,
		mayHaveStarted: boolean,
	): number | undefined {
		this.#retryLog ??= new RetryLog(this.#context.retryBudget);
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

	#failWith(reason: unknown): void {
		this.#fail(asCallError(reason, this.report.id));
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
		this.#verification?.end(error ?? "the call is over");
		this.#disobey?.();
		this.#payload = undefined;
		this.report.settle(error);
		this.#watch?.settled(this.report.snapshot(), error);
		return true;
	}

	#leaveNode(error: EasyRemoteError | undefined): void {
		this.#stay.end(error, this.#attempt?.accepted ?? false);
	}

	#phaseNow(): CallPhase {
		if (this.#phase !== "queued" || !this.#attempt) return this.#phase;
		return this.#attempt.end?.path ? "queued" : "connecting";
	}
}
