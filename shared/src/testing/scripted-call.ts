import type { EncodedValue } from "../codec/encoded-value.js";
import { decodeValue, encodeValue } from "../codec/value-codec.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { toWireError } from "../errors/error-wire.js";
import type { CallMessage, CallMessageOf } from "../protocol/call-messages.js";
import type { CallEnd, CallEvents } from "../session/call-end.js";

/** What a scripted node does with a call. */
export type Script = (call: ScriptedCall) => void;

/** A call as a test's node sees it: answers by hand. */
export class ScriptedCall implements CallEvents {
	readonly end: CallEnd;
	readonly inputs: unknown[] = [];
	readonly inputsEnded: number[] = [];
	args: readonly unknown[] = [];
	cancelledWith: EasyRemoteError | undefined;
	#header: CallMessageOf<"function_call"> | undefined;
	readonly #scripts: ReadonlyMap<string, Script>;
	onInput: (() => void) | undefined;
	onDrained: (() => void) | undefined;

	constructor(end: CallEnd, scripts: ReadonlyMap<string, Script>) {
		this.end = end;
		this.#scripts = scripts;
	}

	get header(): CallMessageOf<"function_call"> {
		if (!this.#header) throw new Error("the call has not arrived");
		return this.#header;
	}

	accept(stream = false, queuedMs = 0): this {
		this.end.send({ type: "accepted", queuedMs, stream });
		return this;
	}

	item(value: unknown): this {
		this.end.send({ type: "stream_data" }, encodeValue(value));
		return this;
	}

	/** Accepts if need be is up to the script; this is the result, or the end of a stream. */
	answer(value?: unknown, runMs = 1): void {
		this.end.send({ type: "function_response", runMs }, encodeValue(value));
		this.end.end();
	}

	refuse(error: EasyRemoteError): void {
		this.end.send({ type: "error", error: toWireError(error) });
		this.end.end();
	}

	message(
		header: CallMessage,
		value: EncodedValue | undefined,
		release: () => void,
	): void {
		release();
		if (header.type === "function_call") {
			this.#header = header;
			this.args = value ? (decodeValue(value) as unknown[]) : [];
			this.#scripts.get(header.function)?.(this);
		} else if (header.type === "input_data") {
			this.inputs.push(value && decodeValue(value));
			this.onInput?.();
		} else if (header.type === "input_end") {
			this.inputsEnded.push(header.index);
			this.onInput?.();
		}
	}

	ended(): void {
		// The scripts decide when a call is over.
	}

	drained(): void {
		this.onDrained?.();
	}

	failed(error: EasyRemoteError): void {
		this.cancelledWith = error;
	}
}
