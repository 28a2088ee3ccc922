import type { EncodedValue } from "../codec/encoded-value.js";
import { decodeAnswer } from "../codec/answer-codec.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { fromWireError } from "../errors/error-wire.js";
import type { CallMessage, CallMessageOf } from "../protocol/call-messages.js";
import type { CallEnd, CallEvents } from "../session/call-end.js";
import type { CallPayload } from "./call-payload.js";
import type { InputPump } from "./input-pump.js";
import { StreamReader } from "./stream-reader.js";
import { inputPumps } from "./lazy-input-pump.js";

/** What an attempt tells the call it belongs to. Nothing follows `answered`, `streamEnded` or `failed`. */
export interface AttemptOwner {
	/** The node took the call; with `reader`, it answers with a stream, whose failure the owner reports to it. */
	accepted(reader: StreamReader<unknown> | undefined): void;
	progressed(header: CallMessageOf<"progress">, data: unknown): void;
	logged(message: string, fields: unknown): void;
	transferred(): void;
	/** The result of a function that gives one. */
	answered(value: unknown): void;
	/** The last item of a stream has come in. */
	streamEnded(): void;
	/** `mayHaveStarted` is false only if the function provably did not run. */
	failed(error: EasyRemoteError, mayHaveStarted: boolean): void;
	/** The reader of the stream left. */
	abandoned(reason: unknown): void;
}

/** One try of a call at one node: hears what comes back on its end of the session. */
export class CallAttempt implements CallEvents {
	readonly nodeId: string;
	/** Time it waited at the node for a slot, ms. */
	queuedMs = 0;
	/** Time the function ran, ms. */
	runMs = 0;
	accepted = false;
	/** It ended without a word of the node's, after some of it had left. */
	cut = false;
	/** The function was not run for this call. */
	cached = false;
	/** Where the function keeps its answers: how long this one may be given again, ms. */
	freshMs: number | undefined;
	readonly #owner: AttemptOwner;
	readonly #raw: boolean;
	#end: CallEnd | undefined;
	#payload: CallPayload | undefined;
	#pump: InputPump | undefined;
	#reader: StreamReader<unknown> | undefined;
	#over = false;

	/** @param raw whether to leave what comes back encoded */
	constructor(nodeId: string, owner: AttemptOwner, raw: boolean) {
		this.nodeId = nodeId;
		this.#owner = owner;
		this.#raw = raw;
	}

	get end(): CallEnd | undefined {
		return this.#end;
	}

	/** Whether the answer is a stream, as far as that is known. */
	get streams(): boolean {
		return this.#reader !== undefined;
	}

	/** Sends the call. Does nothing if the session refused it while it was being opened. */
	begin(
		end: CallEnd,
		header: Omit<CallMessageOf<"function_call">, "value">,
		payload: CallPayload,
	): void {
		this.#end = end;
		if (this.#over) return;
		this.#payload = payload;
		end.send(header, payload.value);
		if (payload.inputs.length === 0) end.end();
	}

	/** Ends it on both sides, without telling the owner, who knows. */
	cancel(error: EasyRemoteError): void {
		if (this.#over) return;
		this.#close();
		this.#end?.cancel(error);
	}

	message(
		header: CallMessage,
		value: EncodedValue | undefined,
		release: () => void,
	): void {
		if (this.#over) {
			release();
			return;
		}
		if (header.type === "stream_data" && this.#reader) {
			this.#reader.push(() => this.#readItem(value), release);
			return;
		}
		try {
			this.#take(header, value);
		} catch (error) {
			this.#breach(error);
		} finally {
			release();
		}
	}

	ended(): void {
		if (this.#over) return;
		this.#breach(
			new EasyRemoteError(
				"INTERNAL",
				"the node ended the call without an answer",
			),
		);
	}

	drained(): void {
		this.#pump?.drained();
	}

	transferred(): void {
		if (!this.#over) this.#owner.transferred();
	}

	failed(error: EasyRemoteError): void {
		if (this.#over) return;
		// The session says "unknown" of a call that was on its way when the node was lost.
		const started = error.details?.["started"];
		const unknown = started === "unknown";
		this.cut = started !== "no" && (this.#end?.bytesSent ?? 0) > 0;
		this.#fail(error, this.accepted || unknown);
	}

	#take(header: CallMessage, value: EncodedValue | undefined): void {
		switch (header.type) {
			case "accepted":
				this.#accept(header);
				return;
			case "progress":
				this.#owner.progressed(header, this.#read(value));
				return;
			case "log":
				this.#owner.logged(header.message, this.#read(value));
				return;
			case "function_response":
				this.runMs = header.runMs;
				this.cached = header.cached === true;
				this.freshMs = header.freshMs;
				this.#accept({ queuedMs: header.queuedMs ?? 0, stream: false });
				this.#answer(value);
				return;
			case "error":
				this.#fail(fromWireError(header.error), this.accepted);
				return;
			case "stream_data":
			case "function_call":
			case "input_data":
			case "input_end":
				throw new EasyRemoteError(
					"INTERNAL",
					`the node sent "${header.type}", which has no place here`,
				);
		}
	}

	/** A function may be found to give a stream only when it does: then it is accepted once more. */
	#accept({
		queuedMs,
		stream,
	}: Pick<CallMessageOf<"accepted">, "queuedMs" | "stream">): void {
		if (this.accepted && (this.#reader || !stream)) return;
		this.accepted = true;
		this.queuedMs = queuedMs;
		if (stream) {
			this.#reader = new StreamReader((reason) => {
				this.#owner.abandoned(reason);
			});
		}
		const payload = this.#payload;
		if (payload && payload.inputs.length > 0 && this.#end && inputPumps.code) {
			this.#pump = new inputPumps.code.InputPump(this.#end);
			this.#pump.start(payload.inputs);
		}
		this.#payload = undefined;
		this.#owner.accepted(this.#reader);
	}

	#answer(value: EncodedValue | undefined): void {
		if (this.#reader) {
			this.#close();
			this.#reader.end();
			this.#owner.streamEnded();
			return;
		}
		const result = this.#read(value);
		this.#close();
		this.#owner.answered(result);
	}

	#read(value: EncodedValue | undefined): unknown {
		if (this.#raw) return value;
		return value && decodeAnswer(value);
	}

	/** An item that cannot be read ends the stream: what follows may not be what the function meant. */
	#readItem(value: EncodedValue | undefined): unknown {
		try {
			return this.#read(value);
		} catch (error) {
			this.#breach(error);
			throw error;
		}
	}

	/** The node, or what it sent, makes no sense. */
	#breach(reason: unknown): void {
		if (this.#over) return;
		const error =
			reason instanceof EasyRemoteError
				? reason
				: new EasyRemoteError("INTERNAL", "the answer cannot be read", {
						cause: reason,
					});
		this.#end?.cancel(error);
		this.#fail(error, true);
	}

	#fail(error: EasyRemoteError, mayHaveStarted: boolean): void {
		this.#close();
		this.#owner.failed(error, mayHaveStarted);
	}

	#close(): void {
		this.#over = true;
		this.#pump?.stop();
		this.#payload = undefined;
	}
}
