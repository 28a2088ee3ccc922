import type { CallContext } from "../call-context.js";
import type { CallPayload } from "../call-payload.js";
import type { CallRequest } from "../call-request.js";
import type { CallSettings } from "../call-settings.js";
import type { Destination } from "../destination.js";
import { offeredBy } from "../reference.js";
import type { Replica, ReplicaTerms } from "./replica.js";
import { answersNeeded } from "./replication.js";
import { Verification, type VerificationOptions } from "./verification.js";

/** A call that is about to be sent to a donor, or that asks for a quorum. */
export interface CheckedRun
	extends Pick<VerificationOptions, "settled" | "failed"> {
	readonly id: string;
	readonly request: CallRequest;
	readonly payload: CallPayload;
	readonly settings: CallSettings;
	readonly destination: Destination;
	/** Until when it has to be over, on the clock's monotonic scale, ms. */
	readonly deadlineAt: number;
	readonly context: CallContext;
	/** Makes another run of the call. */
	readonly replicate: (
		id: string,
		request: CallRequest,
		terms: ReplicaTerms,
	) => Replica;
}

/**
 * What compares the call's result with others', where that is due. Throws INVALID_ARGUMENT for a quorum of a function whose
 * results cannot be compared, UNAVAILABLE if there are too few for it.
 */
export function startVerification(run: CheckedRun): Verification | undefined {
	const { request, payload, settings, destination, context } = run;
	const { provider, route } = destination;
	const descriptor = offeredBy(provider, request.target);
	if (!descriptor) return undefined;
	const checked = {
		provider,
		descriptor,
		pinned: request.target.node !== undefined,
		streams: payload.inputs.length > 0,
		quorum: settings.quorum,
	};
	const needed = answersNeeded(checked, context.random);
	if (needed === 1) return undefined;
	let copies = 0;
	return new Verification({
		provider,
		descriptor,
		route,
		needed,
		asked: settings.quorum > 1,
		raw: request.raw ?? false,
		replicate: (terms) => {
			copies += 1;
			return run.replicate(`${run.id}-${copies}`, replicaOf(run), terms);
		},
		settled: run.settled,
		failed: run.failed,
		verdict: context.verdict,
	});
}

/** The same call as far as the function sees it. Its end, its progress and who may wait for it are the first run's business. */
function replicaOf(run: CheckedRun): CallRequest {
	const { request, payload, settings, deadlineAt, context } = run;
	const { target, accept, raw } = request;
	return {
		target,
		accept,
		raw,
		input: { encoded: payload.value, named: payload.named },
		options: {
			timeout: Math.max(deadlineAt - context.clock.monotonic(), 1),
			retries: settings.retries,
			transport: settings.transport,
			directThreshold: settings.directThresholdBytes,
			cache: settings.cache,
			idempotencyKey: request.options?.idempotencyKey,
			traceparent: request.options?.traceparent,
		},
	};
}
