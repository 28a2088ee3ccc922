import { type Deferred, deferred } from "../async/deferred.js";
import { type DataChannel, dataChannel } from "../channel/data-channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";
import { type Negotiation, negotiate } from "./negotiation.js";
import type {
	DirectChannel,
	PeerAttempt,
	PeerAttemptOptions,
	PeerConnector,
	PeerSignal,
} from "./peer-connector.js";
import type { RtcImplementation, SimplePeerCtor } from "./simple-peer-like.js";

/** What a connector runs on. */
export interface SimplePeerConnectorOptions {
	/** WebRTC for Node, for example `@roamhq/wrtc`; a page has its own. */
	readonly rtc?: RtcImplementation | undefined;
	/** Fetches simple-peer at the first attempt (a dynamic import, so that bundles can leave it out). */
	readonly load?: () => Promise<SimplePeerCtor>;
	readonly clock?: Clock;
}

/** How long a closed channel may still bring its last messages across, ms. */
const LINGER_MS = 2_000;

/**
 * Direct paths by WebRTC, negotiated by simple-peer.
 *
 * @example
 * const connector = simplePeerConnector({ rtc: wrtc });
 */
export function simplePeerConnector(
	options: SimplePeerConnectorOptions = {},
): PeerConnector {
	const load = options.load ?? loadSimplePeer;
	let loading: Promise<SimplePeerCtor> | undefined;
	return {
		connect: (attempt) => {
			loading ??= load().catch((error: unknown) => {
				// So that the next attempt may find the network back.
				loading = undefined;
				throw error;
			});
			return new SimplePeerAttempt(loading, attempt, options);
		},
	};
}

/** Fetches simple-peer, in browsers its own build for them; in a bundle, `vite` puts it into a chunk of its own. */
export async function loadSimplePeer(): Promise<SimplePeerCtor> {
	return (await import("#simple-peer")).default;
}

class SimplePeerAttempt implements PeerAttempt {
	readonly #clock: Clock;
	readonly #opened: Deferred<DirectChannel> = deferred();
	/** Signals that came while simple-peer was being fetched. */
	#early: PeerSignal[] = [];
	#negotiation: Negotiation | undefined;
	#channel: DataChannel | undefined;
	#isOpen = false;
	#closed = false;

	constructor(
		loading: Promise<SimplePeerCtor>,
		attempt: PeerAttemptOptions,
		options: SimplePeerConnectorOptions,
	) {
		this.#clock = options.clock ?? systemClock;
		this.#opened.promise.catch(() => undefined);
		loading.then(
			(SimplePeer) => this.#begin(SimplePeer, attempt, options.rtc),
			(cause: unknown) =>
				this.#opened.reject(
					new EasyRemoteError(
						"UNAVAILABLE",
						"the code for direct paths could not be loaded",
						{ cause, details: { reason: "failed" } },
					),
				),
		);
	}

	get opened(): Promise<DirectChannel> {
		return this.#opened.promise;
	}

	signal(signal: PeerSignal): void {
		if (this.#negotiation) this.#negotiation.signal(signal);
		else if (!this.#closed) this.#early.push(signal);
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#early = [];
		this.#opened.reject(givenUp());
		const negotiation = this.#negotiation;
		if (!negotiation) return;
		if (!this.#isOpen) {
			negotiation.close();
			return;
		}
		this.#channel?.close();
		// The channel ends it when its last words are across; a far end that is gone takes none.
		const cancel = this.#clock.schedule(LINGER_MS, () => negotiation.close());
		void negotiation.ended.then(cancel);
	}

	#begin(
		SimplePeer: SimplePeerCtor,
		attempt: PeerAttemptOptions,
		rtc: RtcImplementation | undefined,
	): void {
		if (this.#closed) return;
		const negotiation = negotiate({
			...attempt,
			SimplePeer,
			rtc,
			clock: this.#clock,
			takeChannel: (raw) => {
				this.#channel = dataChannel(raw, { clock: this.#clock });
				return this.#channel.opened;
			},
		});
		this.#negotiation = negotiation;
		const channel = this.#channel;
		negotiation.opened.then((candidate) => {
			if (!channel) return;
			this.#isOpen = true;
			this.#opened.resolve({ channel, candidate });
		}, this.#opened.reject);
		void negotiation.ended.then((error) => channel?.lose(error ?? givenUp()));
		void channel?.released.then(() => negotiation.close());
		for (const signal of this.#early) negotiation.signal(signal);
		this.#early = [];
	}
}

function givenUp(): EasyRemoteError {
	return new EasyRemoteError(
		"CANCELLED",
		"the attempt at a direct path was given up",
	);
}
