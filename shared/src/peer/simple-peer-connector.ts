import { type Deferred, deferred } from "../async/deferred.js";
import { type DataChannel, dataChannel } from "../channel/data-channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import { loadCode } from "../errors/load-code.js";
import type { Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";
import { type Negotiation, negotiate } from "./negotiation.js";
import type { AttemptFacts } from "./path-diagnosis.js";
import type {
	DirectChannel,
	PeerAttempt,
	PeerAttemptOptions,
	PeerConnector,
	PeerSignal,
} from "./peer-connector.js";
import { loadSimplePeer } from "./load-simple-peer.js";
import type { SimplePeerCtor } from "./simple-peer-like.js";

/** What a connector runs on. */
export interface SimplePeerConnectorOptions {
	/** Another WebRTC implementation than the platform's own, an object like `@roamhq/wrtc`. */
	readonly rtc?: object | undefined;
	/** Hears why the code for direct paths could not be loaded, each time it is tried. */
	readonly onUnavailable?: (error: EasyRemoteError) => void;
	readonly clock?: Clock;
}

/** How long a closed channel may still bring its last messages across, ms. */
const LINGER_MS = 2_000;

/**
 * Direct paths by WebRTC, negotiated by simple-peer.
 *
 * @example
 * const connector = simplePeerConnector();
 */
export function simplePeerConnector(
	options: SimplePeerConnectorOptions = {},
): PeerConnector {
	let loading: Promise<SimplePeerCtor> | undefined;
	const load = async (): Promise<SimplePeerCtor> => {
		try {
			return await loadCode("direct paths", () => loadSimplePeer(options.rtc));
		} catch (error) {
			// So that the next attempt may find the network back.
			loading = undefined;
			options.onUnavailable?.(toEasyRemoteError(error));
			throw error;
		}
	};
	return {
		connect: (attempt) => {
			loading ??= load();
			return new SimplePeerAttempt(loading, attempt, options);
		},
	};
}

class SimplePeerAttempt implements PeerAttempt {
	readonly #clock: Clock;
	readonly #opened: Deferred<DirectChannel> = deferred();
	readonly #ended: Deferred<void> = deferred();
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
			(SimplePeer) => this.#begin(SimplePeer, attempt),
			(error: unknown) => {
				this.#opened.reject(error);
				this.#ended.resolve();
			},
		);
	}

	get opened(): Promise<DirectChannel> {
		return this.#opened.promise;
	}

	get ended(): Promise<void> {
		return this.#ended.promise;
	}

	get facts(): AttemptFacts | undefined {
		return this.#negotiation?.facts;
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
		if (!negotiation) {
			this.#ended.resolve();
			return;
		}
		if (!this.#isOpen) {
			negotiation.close();
			return;
		}
		this.#channel?.close();
		// The channel ends it when its last words are across; a far end that is gone takes none.
		const cancel = this.#clock.schedule(LINGER_MS, () => negotiation.close());
		void negotiation.ended.then(cancel);
	}

	#begin(SimplePeer: SimplePeerCtor, attempt: PeerAttemptOptions): void {
		if (this.#closed) return;
		const negotiation = negotiate({
			...attempt,
			SimplePeer,
			clock: this.#clock,
			takeChannel: (raw) => {
				const channel = dataChannel(raw, { clock: this.#clock });
				this.#channel = channel;
				void channel.released.then(() => this.#negotiation?.close());
				return channel.opened;
			},
		});
		this.#negotiation = negotiation;
		negotiation.opened.then((candidate) => {
			const channel = this.#channel;
			if (!channel) return;
			this.#isOpen = true;
			const { roomBytes } = negotiation;
			this.#opened.resolve({ channel, candidate, roomBytes });
		}, this.#opened.reject);
		void negotiation.ended.then((error) => {
			this.#channel?.lose(error ?? givenUp());
			this.#ended.resolve();
		});
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
