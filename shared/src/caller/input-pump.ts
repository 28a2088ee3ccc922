import { type Deferred, deferred } from "../async/deferred.js";
import { msgpackValue } from "../codec/msgpack-value.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toWireError } from "../errors/error-wire.js";
import { RemoteFunctionError } from "../errors/remote-function-error.js";
import type { CallEnd } from "../session/call-end.js";
import type { StreamedInput } from "./streamed-input.js";

/**
 * Sends streamed arguments, each at the pace at which the node takes it. Started when the node has
 * accepted the call: until then nothing is read, so a call refused can be tried elsewhere.
 */
export class InputPump {
	readonly #end: CallEnd;
	readonly #iterators = new Set<AsyncIterator<unknown>>();
	#drained: Deferred<void> | undefined;
	#stopped = false;

	constructor(end: CallEnd) {
		this.#end = end;
	}

	/** Runs all inputs side by side, and says `end` after the last. */
	start(inputs: readonly StreamedInput[]): void {
		let open = inputs.length;
		for (const input of inputs) {
			void this.#pump(input).then(() => {
				open -= 1;
				if (open === 0 && !this.#stopped) this.#end.end();
			});
		}
	}

	/** The call's `writable` became true again. */
	drained(): void {
		this.#drained?.resolve();
		this.#drained = undefined;
	}

	/** The call is over: tells the sources that nobody reads on. */
	stop(): void {
		if (this.#stopped) return;
		this.#stopped = true;
		this.drained();
		for (const iterator of this.#iterators) leave(iterator);
	}

	/** Never rejects: a source that throws is the function's to see, as an error at that argument. */
	async #pump({ index, source }: StreamedInput): Promise<void> {
		try {
			const iterator = source[Symbol.asyncIterator]();
			this.#iterators.add(iterator);
			for (;;) {
				if (!this.#end.writable) await this.#whenDrained();
				if (this.#isStopped()) return;
				const item = await iterator.next();
				if (this.#isStopped()) return;
				if (item.done === true) {
					this.#iterators.delete(iterator);
					break;
				}
				this.#end.send(
					{ type: "input_data", index },
					msgpackValue.encode(item.value),
				);
			}
			this.#end.send({ type: "input_end", index });
		} catch (error) {
			if (this.#isStopped()) return;
			const wire = toWireError(asSourceError(error));
			this.#end.send({ type: "input_end", index, error: wire });
		}
	}

	// A method, since the flag changes during awaits where the compiler would take it for constant.
	#isStopped(): boolean {
		return this.#stopped;
	}

	#whenDrained(): Promise<void> {
		this.#drained ??= deferred();
		return this.#drained.promise;
	}
}

function asSourceError(error: unknown): EasyRemoteError {
	if (error instanceof EasyRemoteError) return error;
	if (error instanceof Error)
		return new RemoteFunctionError(error.name, error.message);
	return new RemoteFunctionError("Error", String(error));
}

/** Lets a source clean up. The call is over, so what that throws has nobody left to tell but the process. */
function leave(iterator: AsyncIterator<unknown>): void {
	if (!iterator.return) return;
	void iterator.return();
}
