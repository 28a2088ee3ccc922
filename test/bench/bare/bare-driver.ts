import type { LoadDriver } from "../load-driver.js";
import {
	type BarePipe,
	BulkReceiver,
	KIND,
	message,
	numberIn,
	sendBulk,
} from "./pipe.js";

/** The near end of a baseline. */
export class BareDriver implements LoadDriver {
	readonly #pipe: BarePipe;
	readonly #calls = new Map<number, () => void>();
	readonly #received = new BulkReceiver();
	readonly #payload: Uint8Array;
	#transferred: (() => void) | undefined;
	#lastCall = 0;

	constructor(pipe: BarePipe, callBytes: number) {
		this.#pipe = pipe;
		this.#payload = new Uint8Array(callBytes);
		pipe.onMessage((bytes) => {
			if (bytes[0] === KIND.call) {
				const call = numberIn(bytes);
				this.#calls.get(call)?.();
				this.#calls.delete(call);
			} else if (this.#received.take(bytes)) this.#transferred?.();
		});
	}

	call(): Promise<void> {
		const call = ++this.#lastCall;
		return new Promise((resolve) => {
			this.#calls.set(call, resolve);
			this.#pipe.send(message(KIND.call, call, this.#payload));
		});
	}

	async upload(bytes: Uint8Array): Promise<void> {
		const done = this.#nextTransfer();
		await sendBulk(this.#pipe, bytes);
		await done;
	}

	async download(): Promise<Uint8Array> {
		const done = this.#nextTransfer();
		this.#pipe.send(message(KIND.request, 0));
		await done;
		return this.#received.bytes;
	}

	#nextTransfer(): Promise<void> {
		return new Promise((resolve) => {
			this.#transferred = resolve;
		});
	}
}
