import { type Deferred, deferred } from "@easyremote/shared/async";
import {
	EasyRemoteError,
	toWireError,
	type WireError,
} from "@easyremote/shared/errors";
import {
	type AttemptFacts,
	loadSimplePeer,
	type Negotiation,
	negotiate,
	type PeerSignal,
} from "@easyremote/shared/peer";
import { systemClock } from "@easyremote/shared/time";
import type { PeerRequest } from "../ports/page-port.js";
import { bridgeChannel } from "./bridge-channel.js";
import { canTransferChannels } from "./channel-transfer.js";

/** Where the page's news of an attempt goes: to the node Worker. */
export interface PeerNews {
	channel(attempt: number, channel: RTCDataChannel | MessagePort): void;
	signal(attempt: number, signal: PeerSignal): void;
	opened(attempt: number, candidate: string, facts: AttemptFacts): void;
	failed(
		attempt: number,
		error: WireError,
		facts: AttemptFacts | undefined,
	): void;
}

/** One attempt, from the Worker's request on. */
interface Attempt {
	/** Undefined while simple-peer is being fetched. */
	negotiation: Negotiation | undefined;
	/** Signals that came meanwhile. */
	early: PeerSignal[];
	/** Settled by the Worker, which alone sees a channel that was moved to it. */
	readonly channelOpened: Deferred<void>;
}

/** The peer connections of a node: the one part of it that has to be on the page. */
export class PagePeers {
	readonly #news: PeerNews;
	readonly #attempts = new Map<number, Attempt>();
	#transferable: boolean | undefined;

	constructor(news: PeerNews) {
		this.#news = news;
	}

	/** Begins an attempt. Never throws: what goes wrong is news. */
	connect(id: number, request: PeerRequest): void {
		const attempt: Attempt = {
			negotiation: undefined,
			early: [],
			channelOpened: deferred(),
		};
		this.#attempts.set(id, attempt);
		loadSimplePeer().then(
			(SimplePeer) => {
				if (!this.#attempts.has(id)) return;
				const { iceTransportPolicy, ...rest } = request;
				const negotiation = negotiate({
					...rest,
					...(iceTransportPolicy === undefined ? {} : { iceTransportPolicy }),
					SimplePeer,
					clock: systemClock,
					send: (signal) => this.#news.signal(id, signal),
					takeChannel: (channel) => {
						this.#handOver(id, channel);
						return attempt.channelOpened.promise;
					},
				});
				attempt.negotiation = negotiation;
				for (const signal of attempt.early.splice(0))
					negotiation.signal(signal);
				this.#follow(id, negotiation);
			},
			(error: unknown) => this.#fail(id, error),
		);
	}

	signal(id: number, signal: PeerSignal): void {
		const attempt = this.#attempts.get(id);
		if (attempt?.negotiation) attempt.negotiation.signal(signal);
		else attempt?.early.push(signal);
	}

	/** The Worker has seen the channel open. */
	channelOpened(id: number): void {
		this.#attempts.get(id)?.channelOpened.resolve();
	}

	/** The Worker has seen it close before it opened, perhaps sooner than the page sees why. */
	channelFailed(id: number, reason: string): void {
		this.#attempts.get(id)?.channelOpened.reject(new Error(reason));
	}

	close(id: number): void {
		const attempt = this.#attempts.get(id);
		this.#attempts.delete(id);
		attempt?.negotiation?.close();
	}

	closeAll(): void {
		for (const id of [...this.#attempts.keys()]) this.close(id);
	}

	/** Moves the channel to the Worker, which is only possible in the task that created it. */
	#handOver(id: number, channel: RTCDataChannel): void {
		this.#transferable ??= canTransferChannels();
		this.#news.channel(
			id,
			this.#transferable ? channel : bridgeChannel(channel),
		);
	}

	#follow(id: number, negotiation: Negotiation): void {
		negotiation.opened.then(
			(candidate) => this.#news.opened(id, candidate, negotiation.facts),
			// `ended` says the same.
			() => undefined,
		);
		void negotiation.ended.then((error) => {
			if (error) this.#fail(id, error, negotiation.facts);
		});
	}

	#fail(id: number, reason: unknown, facts?: AttemptFacts): void {
		if (!this.#attempts.delete(id)) return;
		const error =
			reason instanceof EasyRemoteError
				? reason
				: new EasyRemoteError(
						"UNAVAILABLE",
						"the code for direct paths could not be loaded",
						{ cause: reason },
					);
		this.#news.failed(id, toWireError(error), facts);
	}
}
