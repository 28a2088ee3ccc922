import { type Deferred, deferred } from "@easyremote/shared/async";
import {
	type Channel,
	type DataChannel,
	type DataChannelLike,
	dataChannel,
} from "@easyremote/shared/channel";
import { EasyRemoteError, toEasyRemoteError } from "@easyremote/shared/errors";
import type {
	AttemptFacts,
	DirectChannel,
	PeerAttempt,
	PeerAttemptOptions,
	PeerConnector,
	PeerSignal,
} from "@easyremote/shared/peer";
import type { ByteCounter } from "./byte-counter.js";
import type { PageApi } from "../ports/page-port.js";

/** The part of the page that makes peer connections. */
export type PeerPage = Pick<
	PageApi,
	"connectPeer" | "signalPeer" | "channelOpened" | "channelFailed" | "closePeer"
>;

/** Direct paths that are open now. */
export interface DirectPaths {
	readonly open: number;
	/** Type of the candidate of the one opened last. */
	readonly candidate: string | undefined;
}

/**
 * Makes direct paths in a Worker, which has no `RTCPeerConnection`: the page negotiates, and moves each data channel
 * here as soon as it exists.
 */
export class PagePeerConnector implements PeerConnector {
	readonly #page: PeerPage;
	readonly #counter: ByteCounter;
	readonly #attempts = new Map<number, PagePeerAttempt>();
	#last = 0;
	#candidate: string | undefined;

	/** @param counter counts what goes over direct paths */
	constructor(page: PeerPage, counter: ByteCounter) {
		this.#page = page;
		this.#counter = counter;
	}

	get paths(): DirectPaths {
		let open = 0;
		for (const attempt of this.#attempts.values())
			if (attempt.isOpen) open += 1;
		return { open, candidate: open > 0 ? this.#candidate : undefined };
	}

	connect(options: PeerAttemptOptions): PeerAttempt {
		this.#last += 1;
		const id = this.#last;
		const attempt = new PagePeerAttempt({
			count: (channel) => this.#counter.count(channel),
			send: options.send,
			signal: (signal) => this.#page.signalPeer(id, signal),
			channelOpened: () => this.#page.channelOpened(id),
			channelFailed: (reason) => this.#page.channelFailed(id, reason),
			closed: () => {
				this.#attempts.delete(id);
				this.#page.closePeer(id);
			},
		});
		this.#attempts.set(id, attempt);
		const { initiator, iceServers, iceTransportPolicy } = options;
		this.#page.connectPeer(id, { initiator, iceServers, iceTransportPolicy });
		return attempt;
	}

	/** The page has made the data channel of an attempt. Call it in the task in which it arrived. */
	channel(id: number, channel: DataChannelLike): void {
		const attempt = this.#attempts.get(id);
		if (attempt) attempt.take(channel);
		else channel.close();
	}

	/** The page has something for the far end. */
	signal(id: number, signal: PeerSignal): void {
		this.#attempts.get(id)?.send(signal);
	}

	opened(id: number, candidate: string, facts: AttemptFacts): void {
		this.#candidate = candidate;
		this.#attempts.get(id)?.connected(candidate, facts);
	}

	failed(
		id: number,
		error: EasyRemoteError,
		facts: AttemptFacts | undefined,
	): void {
		this.#attempts.get(id)?.fail(error, facts);
	}

	closeAll(): void {
		for (const attempt of [...this.#attempts.values()]) attempt.close();
	}
}

interface AttemptLinks {
	readonly count: (channel: Channel) => Channel;
	readonly send: (signal: PeerSignal) => void;
	readonly signal: (signal: PeerSignal) => void;
	readonly channelOpened: () => void;
	/** The page shall end the attempt, and say what it saw of it. */
	readonly channelFailed: (reason: string) => void;
	/** The page may give the connection back. */
	readonly closed: () => void;
}

class PagePeerAttempt implements PeerAttempt {
	readonly #links: AttemptLinks;
	readonly #opened: Deferred<DirectChannel> = deferred();
	readonly #ended: Deferred<void> = deferred();
	readonly #candidate: Deferred<string> = deferred();
	#channel: DataChannel | undefined;
	/** The page tells them when it is settled whether there is a path. */
	#facts: AttemptFacts | undefined;
	#isOpen = false;
	#closed = false;

	constructor(links: AttemptLinks) {
		this.#links = links;
		// Whoever closes an attempt before it opened does not have to wait for it.
		this.#opened.promise.catch(() => undefined);
		this.#candidate.promise.catch(() => undefined);
	}

	get opened(): Promise<DirectChannel> {
		return this.#opened.promise;
	}

	get ended(): Promise<void> {
		return this.#ended.promise;
	}

	get facts(): AttemptFacts | undefined {
		return this.#facts;
	}

	get isOpen(): boolean {
		return this.#isOpen;
	}

	signal(signal: PeerSignal): void {
		if (!this.#closed) this.#links.signal(signal);
	}

	send(signal: PeerSignal): void {
		if (!this.#closed) this.#links.send(signal);
	}

	take(rtc: DataChannelLike): void {
		const channel = dataChannel(rtc);
		this.#channel = channel;
		channel.opened.then(
			() => this.#open(channel),
			(error: unknown) => {
				if (this.#closed) return;
				this.#links.channelFailed(toEasyRemoteError(error).message);
			},
		);
	}

	#open(channel: DataChannel): void {
		void channel.released.then(() => this.#release());
		this.#links.channelOpened();
		this.#candidate.promise.then((candidate) => {
			this.#isOpen = !this.#closed;
			this.#opened.resolve({
				channel: this.#links.count(channel),
				candidate,
				roomBytes: 0,
			});
		}, this.#opened.reject);
	}

	connected(candidate: string, facts: AttemptFacts): void {
		this.#facts = facts;
		this.#candidate.resolve(candidate);
	}

	fail(error: EasyRemoteError, facts: AttemptFacts | undefined): void {
		this.#facts = facts;
		this.#opened.reject(error);
		this.#channel?.lose(error);
		this.#release();
	}

	close(): void {
		if (this.#closed) return;
		this.#opened.reject(
			new EasyRemoteError(
				"UNAVAILABLE",
				"the attempt at a direct path was given up",
			),
		);
		if (this.#channel && this.#isOpen) this.#channel.close();
		else this.#release();
	}

	/** The page may end the connection: nothing uses it any more. */
	#release(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#isOpen = false;
		this.#candidate.reject(
			new EasyRemoteError("UNAVAILABLE", "the direct path was closed"),
		);
		this.#links.closed();
		this.#ended.resolve();
	}
}
