import type { KeptAnswer } from "../cache/kept-answer.js";
import type { EncodedValue } from "../codec/encoded-value.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { fromWireError } from "../errors/error-wire.js";
import type { CallHeader } from "../protocol/call-messages.js";
import type { CallEnd } from "../session/call-end.js";
import type { Asker, CacheableCall, CallCache } from "./call-cache.js";
import type { CacheOutcome } from "./call-report.js";
import type { SharedRun } from "./shared-run.js";

/** Whose answer it is. */
export interface CachedRunOwner {
	/** The function runs, or gives a stream. */
	begun(): void;
	streams(): void;
	/** Called once, when the answer or the failure has been handed to the session; not after `stop`. */
	settled(failure: EasyRemoteError | undefined): void;
	/** It cannot be answered from the cache; not after `stop`. */
	bypassed(): void;
	/** Answers the call with an error. */
	refuse(error: EasyRemoteError): void;
}

/** How one call is answered whose function keeps its answers: from the cache, or by a run shared with equal calls. */
export class CachedRun implements Asker {
	/** Whether the function had to run for this call; undefined while that is not known. */
	outcome: CacheOutcome | undefined;
	readonly #call: CacheableCall;
	readonly #end: CallEnd;
	readonly #owner: CachedRunOwner;
	#run: SharedRun | undefined;
	#over = false;

	constructor(call: CacheableCall, end: CallEnd, owner: CachedRunOwner) {
		this.#call = call;
		this.#end = end;
		this.#owner = owner;
	}

	/** Asks the cache. */
	start(cache: CallCache): void {
		cache.serve(this, this.#call).catch((error: unknown) => {
			if (this.#over) return;
			this.#owner.refuse(
				new EasyRemoteError("INTERNAL", "the cache could not be asked", {
					cause: error,
				}),
			);
		});
	}

	/** There is room for more items of a stream. */
	resume(): void {
		this.#run?.drained();
	}

	/** Nobody waits for it any more. */
	stop(reason: EasyRemoteError): void {
		if (this.#over) return;
		this.#over = true;
		this.#run?.leave(this, reason);
	}

	// What the cache tells.

	get over(): boolean {
		return this.#over;
	}

	give({ value, runMs }: KeptAnswer, freshMs: number): void {
		this.#over = true;
		this.outcome = "hit";
		this.#end.send(
			{ type: "function_response", runMs, queuedMs: 0, cached: true, freshMs },
			value,
		);
		this.#end.end();
		this.#owner.settled(undefined);
	}

	follow(run: SharedRun): void {
		this.#run = run;
	}

	// What the run tells.

	get writable(): boolean {
		return this.#end.writable;
	}

	told(
		header: CallHeader,
		value: EncodedValue | undefined,
		first: boolean,
	): void {
		if (this.#over) return;
		switch (header.type) {
			case "accepted":
				this.#owner.begun();
				this.#end.send(header);
				if (header.stream) this.#owner.streams();
				return;
			case "progress":
				// Only the newest progress matters: while the path is busy it is left out.
				if (this.#end.writable) this.#end.send(header, value);
				return;
			case "function_response":
				this.#answer(header, value, first);
				return;
			case "error":
				this.#fail(header);
				return;
			default:
				this.#end.send(header, value);
		}
	}

	failed(error: EasyRemoteError): void {
		if (this.#over) return;
		this.#over = true;
		this.#owner.refuse(error);
	}

	runAlone(): void {
		if (this.#over) return;
		this.#over = true;
		this.#owner.bypassed();
	}

	#answer(
		header: Extract<CallHeader, { type: "function_response" }>,
		value: EncodedValue | undefined,
		first: boolean,
	): void {
		this.#over = true;
		const kept = header.freshMs !== undefined;
		if (kept) this.outcome = first ? "miss" : "hit";
		this.#end.send(
			kept && !first ? { ...header, cached: true } : header,
			value,
		);
		this.#end.end();
		this.#owner.settled(undefined);
	}

	#fail({ error }: Extract<CallHeader, { type: "error" }>): void {
		this.#over = true;
		// The run is called as the first of its callers called it.
		const own =
			error.callId === undefined
				? error
				: { ...error, callId: this.#call.header.id };
		this.#end.send({ type: "error", error: own });
		this.#end.end();
		this.#owner.settled(fromWireError(own));
	}
}
