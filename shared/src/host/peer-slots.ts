import { type Deferred, deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { AttemptFacts } from "../peer/path-diagnosis.js";
import type {
	DirectChannel,
	PeerAttempt,
	PeerAttemptOptions,
	PeerConnector,
	PeerSignal,
} from "../peer/peer-connector.js";

/**
 * Makes no more peer connections at once than there are slots. One that is given back still takes its own for the
 * moment in which its last words cross, so an attempt may have to wait; it keeps what the far end says meanwhile.
 */
export class PeerSlots implements PeerConnector {
	readonly #connector: PeerConnector;
	readonly #most: number;
	readonly #waiting = new Set<SlottedAttempt>();
	#used = 0;

	constructor(connector: PeerConnector, most: number) {
		this.#connector = connector;
		this.#most = most;
	}

	connect(options: PeerAttemptOptions): PeerAttempt {
		const attempt: SlottedAttempt = new SlottedAttempt(
			() => this.#connector.connect(options),
			() => this.#waiting.delete(attempt),
		);
		this.#waiting.add(attempt);
		this.#fill();
		return attempt;
	}

	#fill(): void {
		for (const attempt of this.#waiting) {
			if (this.#used >= this.#most) return;
			this.#waiting.delete(attempt);
			this.#used += 1;
			attempt.begin();
			void attempt.ended.then(() => {
				this.#used -= 1;
				this.#fill();
			});
		}
	}
}

/** An attempt that begins when it has its slot. */
class SlottedAttempt implements PeerAttempt {
	readonly #make: () => PeerAttempt;
	readonly #leaveQueue: () => void;
	readonly #opened: Deferred<DirectChannel> = deferred();
	readonly #ended: Deferred<void> = deferred();
	#early: PeerSignal[] = [];
	#attempt: PeerAttempt | undefined;

	constructor(make: () => PeerAttempt, leaveQueue: () => void) {
		this.#make = make;
		this.#leaveQueue = leaveQueue;
		this.#opened.promise.catch(() => undefined);
	}

	get opened(): Promise<DirectChannel> {
		return this.#opened.promise;
	}

	get ended(): Promise<void> {
		return this.#ended.promise;
	}

	get facts(): AttemptFacts | undefined {
		return this.#attempt?.facts;
	}

	begin(): void {
		try {
			const attempt = this.#make();
			this.#attempt = attempt;
			this.#opened.resolve(attempt.opened);
			this.#ended.resolve(attempt.ended);
			for (const signal of this.#early.splice(0)) attempt.signal(signal);
		} catch (error) {
			this.#opened.reject(error);
			this.#ended.resolve();
		}
	}

	signal(signal: PeerSignal): void {
		if (this.#attempt) this.#attempt.signal(signal);
		else this.#early.push(signal);
	}

	close(): void {
		if (this.#attempt) {
			this.#attempt.close();
			return;
		}
		this.#leaveQueue();
		this.#opened.reject(
			new EasyRemoteError(
				"CANCELLED",
				"the attempt at a direct path was given up",
			),
		);
		this.#ended.resolve();
	}
}
