import type { EncodedValue } from "../codec/encoded-value.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallHeader, CallMessageOf } from "../protocol/call-messages.js";
import type { AcceptCall, CallEnd, CallEvents } from "../session/call-end.js";

/** A call that is answered by a run which it may share with others. */
export interface Follower {
	/** Whether there is room on its way to its caller. */
	readonly writable: boolean;
	/** What the run says. `first`: it is for this call that the function runs. */
	told(
		header: CallHeader,
		value: EncodedValue | undefined,
		first: boolean,
	): void;
	/** The run is over without an answer. */
	failed(error: EasyRemoteError): void;
	/** The function gives a stream, which only one can read: this call has to be run for itself. */
	runAlone(): void;
}

export interface SharedRunEvents {
	/** The function gave one value. Answers how long it may be given again, ms; 0 if it may not. */
	answered(value: EncodedValue | undefined, runMs: number): number;
	/** The function gives a stream. */
	streams(): void;
	/** Nobody can join any more. */
	over(): void;
}

/**
 * One run of a function for all calls that ask for the same at the same time. To whoever runs it, it is one call with
 * one end; what is said there is passed on to each follower. It goes on while any of them is left: who cancels, or
 * runs out of time, takes nothing from the others.
 */
export class SharedRun implements CallEnd {
	readonly number = 0;
	readonly path = undefined;
	readonly bytesSent = 0;
	readonly sendTotal = undefined;
	readonly bytesReceived = 0;
	readonly incoming = { received: 0, total: 0 };
	readonly #followers = new Set<Follower>();
	readonly #first: Follower;
	readonly #call: CallEvents;
	readonly #events: SharedRunEvents;
	#accepted = false;
	#streaming = false;
	#over = false;

	/** @param accept begins a call that runs the function */
	constructor(first: Follower, accept: AcceptCall, events: SharedRunEvents) {
		this.#first = first;
		this.#followers.add(first);
		this.#events = events;
		this.#call = accept(this);
	}

	/** Runs the function. The run has the node's own time limit: those of its callers are theirs. */
	begin(
		header: CallMessageOf<"function_call">,
		value: EncodedValue | undefined,
	): void {
		this.#call.message({ ...header, deadlineMs: undefined }, value, nothing);
	}

	join(follower: Follower): void {
		this.#followers.add(follower);
		if (this.#accepted)
			follower.told(
				{ type: "accepted", queuedMs: 0, stream: false },
				undefined,
				false,
			);
	}

	/** One of its callers wants no answer any more; when the last has left, the function is told to stop. */
	leave(follower: Follower, reason: EasyRemoteError): void {
		if (!this.#followers.delete(follower) || this.#followers.size > 0) return;
		if (this.#over) return;
		this.#end();
		this.#call.failed(reason);
	}

	/** There is room again on the way to a follower. */
	drained(): void {
		this.#call.drained();
	}

	// What the call that runs the function does with its end.

	get writable(): boolean {
		for (const follower of this.#followers) if (follower.writable) return true;
		return false;
	}

	send(header: CallHeader, value?: EncodedValue): void {
		if (this.#over) return;
		switch (header.type) {
			case "accepted":
				this.#accepted = true;
				if (header.stream) this.#leaveOne();
				break;
			case "function_response":
				this.#answer(header, value);
				return;
			case "error":
				this.#end();
				break;
			default:
		}
		this.#pass(header, value);
	}

	end(): void {
		// Answer and error say it.
	}

	cancel(error: EasyRemoteError): void {
		if (this.#over) return;
		this.#end();
		for (const follower of this.#take()) follower.failed(error);
	}

	#answer(
		header: Extract<CallHeader, { type: "function_response" }>,
		value: EncodedValue | undefined,
	): void {
		const freshMs = this.#streaming
			? undefined
			: this.#events.answered(value, header.runMs);
		this.#end();
		const passed = freshMs === undefined ? header : { ...header, freshMs };
		this.#pass(passed, value);
	}

	/** A stream is for one reader. */
	#leaveOne(): void {
		this.#streaming = true;
		this.#events.streams();
		const [reader, ...others] = this.#take();
		if (reader) this.#followers.add(reader);
		for (const follower of others) follower.runAlone();
	}

	#pass(header: CallHeader, value: EncodedValue | undefined): void {
		for (const follower of [...this.#followers])
			follower.told(header, value, follower === this.#first);
	}

	#take(): Follower[] {
		const all = [...this.#followers];
		this.#followers.clear();
		return all;
	}

	#end(): void {
		this.#over = true;
		this.#events.over();
	}
}

function nothing(): void {
	// The credit for the arguments is each follower's to give back.
}
