import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { ChannelEvents } from "./channel.js";

/**
 * What stands between a transport and the one user of a channel: keeps what arrives before
 * `start`, and says the end exactly once. Every implementation of `Channel` has one.
 */
export class Delivery {
	#events: ChannelEvents | undefined;
	#live = false;
	#reported = false;
	#end: { readonly error: EasyRemoteError | undefined } | undefined;
	readonly #kept: Uint8Array[] = [];

	/** Whether neither end has closed the channel. */
	get open(): boolean {
		return this.#end === undefined;
	}

	/** Whether messages go straight to the user: `start` was called, and no end came. */
	get live(): boolean {
		return this.#live && this.#end === undefined;
	}

	/** Hands over what was kept, and from here on what comes. Throws INTERNAL when called twice. */
	start(events: ChannelEvents): void {
		if (this.#events) {
			throw new EasyRemoteError(
				"INTERNAL",
				"a channel was started twice; it has one user",
			);
		}
		this.#events = events;
		// By index: a handler may make more arrive, or abandon the channel and with it the rest.
		for (let next = 0; next < this.#kept.length; next += 1) {
			const message = this.#kept[next];
			if (message) events.message(message);
		}
		this.#kept.length = 0;
		this.#live = true;
		if (this.#end) this.#report();
	}

	/** A message came in. */
	message(bytes: Uint8Array): void {
		if (this.#end) return;
		if (this.#live) this.#events?.message(bytes);
		else this.#kept.push(bytes);
	}

	/** `writable` became true again. */
	drained(): void {
		if (this.live) this.#events?.drained();
	}

	/** The transport or the far end is done; the user hears it after all that came before. */
	finish(error: EasyRemoteError | undefined): void {
		if (this.#end) return;
		this.#end = { error };
		if (this.#live) this.#report();
	}

	/**
	 * The user closed the channel: nothing more is delivered. It hears `closed` in a microtask,
	 * so that `close` never calls back into code that is in the middle of something.
	 */
	abandon(error: EasyRemoteError | undefined): void {
		if (this.#end) return;
		this.#end = { error };
		this.#kept.length = 0;
		queueMicrotask(() => {
			this.#report();
		});
	}

	#report(): void {
		if (!this.#events || this.#reported) return;
		this.#reported = true;
		this.#events.closed(this.#end?.error);
	}
}
