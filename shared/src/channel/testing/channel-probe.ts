import { type Deferred, deferred } from "../../async/deferred.js";
import type { EasyRemoteError } from "../../errors/easyremote-error.js";
import type { ChannelEvents } from "../channel.js";

/** A channel's user that writes down what it hears, for tests. */
export class ChannelProbe implements ChannelEvents {
	readonly messages: Uint8Array[] = [];
	readonly closes: (EasyRemoteError | undefined)[] = [];
	#drained: Deferred<void> = deferred();
	readonly #ended: Deferred<void> = deferred();
	#wanted:
		| { readonly count: number; readonly reached: Deferred<void> }
		| undefined;

	readonly message = (bytes: Uint8Array): void => {
		this.messages.push(bytes);
		if (this.#wanted && this.messages.length >= this.#wanted.count) {
			this.#wanted.reached.resolve();
		}
	};

	readonly drained = (): void => {
		this.#drained.resolve();
		this.#drained = deferred();
	};

	readonly closed = (error: EasyRemoteError | undefined): void => {
		this.closes.push(error);
		this.#ended.resolve();
		this.#wanted?.reached.reject(
			error ?? new Error(`closed after ${this.messages.length} messages`),
		);
	};

	/** Resolves when the channel has reported its end. */
	get ended(): Promise<void> {
		return this.#ended.promise;
	}

	/** Resolves at the next `drained`. */
	nextDrained(): Promise<void> {
		return this.#drained.promise;
	}

	/** Resolves once `count` messages have arrived in all; rejects when the channel closes before. */
	async count(count: number): Promise<void> {
		if (this.messages.length >= count) return;
		this.#wanted = { count, reached: deferred() };
		await this.#wanted.reached.promise;
	}

	/** The message that arrived as number `index`. */
	at(index: number): Uint8Array {
		const message = this.messages[index];
		if (!message) throw new Error(`message ${index} did not arrive`);
		return message;
	}
}
