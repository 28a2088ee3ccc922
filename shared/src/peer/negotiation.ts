import { type Deferred, deferred } from "../async/deferred.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { PROTOCOL } from "../protocol/constants.js";
import { present } from "../shapes/present.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { CandidateExchange } from "./candidate-exchange.js";
import { judgeServers } from "./ice-server-report.js";
import { IceServerWatch } from "./ice-server-watch.js";
import {
	type AttemptEnd,
	type AttemptFacts,
	explainNoPath,
} from "./path-diagnosis.js";
import type { PeerAttemptOptions, PeerSignal } from "./peer-connector.js";
import {
	offersMedia,
	readSimplePeerSignal,
	toSimplePeerSignal,
} from "./peer-signals.js";
import { type PeerPart, peerPart } from "./peer-part.js";
import { roomOf } from "./rtc-implementation.js";
import { selectedCandidate } from "./selected-candidate.js";
import { endedBy } from "./simple-peer-error.js";
import type { SimplePeerCtor, SimplePeerLike } from "./simple-peer-like.js";

/** What `negotiate` needs besides the attempt itself. */
export interface NegotiationOptions extends PeerAttemptOptions {
	readonly SimplePeer: SimplePeerCtor;
	readonly clock: Clock;
	/**
	 * Takes the data channel in the very task that created it, the only moment in which it can
	 * still be transferred to a Worker. The answer resolves once the channel has opened.
	 */
	readonly takeChannel: (channel: RTCDataChannel) => Promise<void>;
}

/** One peer connection, from its first signal to its end. */
export interface Negotiation {
	/** Resolves when the channel is open, with the type of the candidate pair; rejects with UNAVAILABLE. */
	readonly opened: Promise<string>;
	/** Resolves at the end, however it came, with the reason unless `close` was called. */
	readonly ended: Promise<EasyRemoteError | undefined>;
	/** As `DirectChannel.roomBytes`. */
	readonly roomBytes: number;
	/** What it has seen: as of now, as of its opening, or as of its end. */
	readonly facts: AttemptFacts;
	/** Takes a signal of the far end; a hostile one ends this negotiation at most. */
	signal(signal: PeerSignal): void;
	/** Frees everything at once; what the channel has not yet sent is lost. */
	close(): void;
}

/** Our channel's number, agreed in advance (`negotiated`), so that neither side has to announce it. */
const CHANNEL_ID = 64;
/** State events may be missed under load, so the state is also looked at this often, ms. */
const STATE_POLL_MS = 2_000;
/** How long candidates may still come in after the last one was announced, ms. */
const GATHERED_GRACE_MS = 500;

/**
 * Runs simple-peer for one attempt: it knows the order of offers, answers and candidates and the
 * quirks of browsers. Its own channel and stream stay unused.
 */
export function negotiate(options: NegotiationOptions): Negotiation {
	return new SimplePeerNegotiation(options);
}

class SimplePeerNegotiation implements Negotiation {
	readonly #options: NegotiationOptions;
	readonly #candidates: CandidateExchange;
	readonly #opened: Deferred<string> = deferred();
	readonly #ended: Deferred<EasyRemoteError | undefined> = deferred();
	readonly #begunAt: number;
	readonly #hides: boolean;
	#part: PeerPart | undefined;
	#peer: SimplePeerLike | undefined;
	#watch: IceServerWatch | undefined;
	/** As they were when it was settled whether there is a path. */
	#settledFacts: AttemptFacts | undefined;
	/** Candidates that are not said yet: our description has to come first, and after an accident the far end's too. */
	#early: PeerSignal[] | undefined = [];
	#described = false;
	#state: "opening" | "open" | "ended" = "opening";
	#cancelTimeout: CancelTimer | undefined;
	#cancelPoll: CancelTimer | undefined;
	#cancelLook: CancelTimer | undefined;

	constructor(options: NegotiationOptions) {
		this.#options = options;
		this.#begunAt = options.clock.monotonic();
		this.#hides = options.iceTransportPolicy === "relay";
		this.#candidates = new CandidateExchange(options.clock, (signal) =>
			this.#sayCandidate(signal),
		);
		// `ended` says the same to those who do not wait for `opened`.
		this.#opened.promise.catch(() => undefined);
		this.#cancelTimeout = options.clock.schedule(
			PROTOCOL.directAttemptTimeoutMs,
			() => this.#fail({ kind: "timeout" }),
		);
		if (options.initiator) this.#begin(undefined);
	}

	get opened(): Promise<string> {
		return this.#opened.promise;
	}

	get ended(): Promise<EasyRemoteError | undefined> {
		return this.#ended.promise;
	}

	get roomBytes(): number {
		const pc = this.#peer?._pc;
		return pc ? roomOf(pc) : 0;
	}

	get facts(): AttemptFacts {
		if (this.#settledFacts) return this.#settledFacts;
		const { initiator, clock } = this.#options;
		const relayOnly = this.#hides;
		const { local, remote, publicHost } = this.#candidates;
		const { sources, errors } = this.#watch ?? { sources: [], errors: [] };
		return {
			initiator,
			described: this.#described,
			relayOnly,
			local,
			remote,
			servers: judgeServers(this.#part?.iceServers ?? [], {
				local,
				sources,
				errors,
				stunShows: !publicHost && !relayOnly,
			}),
			ms: Math.round(clock.monotonic() - this.#begunAt),
		};
	}

	signal(signal: PeerSignal): void {
		if (this.#state === "ended") return;
		if (signal.kind === "candidate") {
			if (!this.#candidates.offered(signal)) return;
		} else {
			// One offer or answer an attempt: a second one would renegotiate, which nobody here does.
			const expected = this.#options.initiator ? "answer" : "offer";
			if (this.#described || signal.type !== expected) return;
			this.#described = true;
			if (offersMedia(signal.sdp)) {
				this.#fail({
					kind: "description_refused",
					message: "it asks for more than a data channel",
				});
				return;
			}
			if (signal.type === "offer") this.#begin(signal.sdp);
		}
		try {
			// What comes before an offer belongs to none.
			this.#peer?.signal(toSimplePeerSignal(signal, this.#part?.offererLeads));
		} catch (error) {
			this.#fail({ kind: "description_refused", message: messageOf(error) });
			return;
		}
		if (this.#options.answerFirst && signal.kind === "description")
			this.#sayEarly();
	}

	close(): void {
		this.#end(
			new EasyRemoteError(
				"CANCELLED",
				"the attempt at a direct path was given up",
			),
			undefined,
		);
	}

	/** @param offer of the far end, which may have a say in what this end does */
	#begin(offer: string | undefined): void {
		try {
			this.#connect(offer);
		} catch (error) {
			this.#fail({ kind: "failed", message: messageOf(error) });
		}
	}

	#connect(offer: string | undefined): void {
		const { SimplePeer, initiator, takeChannel } = this.#options;
		this.#part = peerPart({
			offer,
			iceServers: this.#options.iceServers,
			hides: this.#hides,
			onDatachannel: SimplePeer.onDatachannel ?? false,
		});
		const { iceServers } = this.#part;
		const peer = new SimplePeer({
			initiator,
			trickle: true,
			// Always given: without it simple-peer would ask public servers.
			config: {
				iceServers: iceServers.map((server) => withoutUndefined(server)),
				iceTransportPolicy: this.#options.iceTransportPolicy ?? "all",
			},
			// Negotiated as well, so that no channel ever has to be announced.
			channelConfig: { negotiated: true, id: 0 },
		});
		this.#peer = peer;
		peer.on("error", (error) => this.#fail(endedBy(error)));
		peer.on("close", () => this.#onClose(peer));
		peer.on("signal", (data) => this.#onSignal(data));
		peer.on("_iceComplete", () => this.#onGathered());
		peer.resume();
		// Without it simple-peer could not make the connection, and says why by an event.
		if (!peer._pc) return;
		this.#watch = new IceServerWatch(peer._pc);
		// Nobody announces channels here, and one that nobody takes crashes @roamhq/wrtc at exit.
		peer._pc.ondatachannel = ({ channel }) => channel.close();
		const channel = peer._pc.createDataChannel("easyremote", {
			negotiated: true,
			id: CHANNEL_ID,
			ordered: true,
		});
		const pc = peer._pc;
		takeChannel(channel).then(
			() => this.#onOpen(pc),
			(error: unknown) =>
				this.#fail({ kind: "failed", message: messageOf(error) }),
		);
		this.#poll(pc);
	}

	#poll(pc: RTCPeerConnection): void {
		this.#cancelPoll = this.#options.clock.schedule(STATE_POLL_MS, () => {
			const state = pc.connectionState;
			if (state === "failed" || state === "closed") this.#onClose(undefined);
			else this.#poll(pc);
		});
	}

	async #onOpen(pc: RTCPeerConnection): Promise<void> {
		if (this.#state !== "opening") return;
		this.#state = "open";
		this.#settledFacts = this.facts;
		this.#cancelTimeout?.();
		this.#opened.resolve(await selectedCandidate(pc));
	}

	/** @roamhq/wrtc may say so before it has reported the candidates, so this looks once more. */
	#onGathered(): void {
		this.#cancelLook ??= this.#options.clock.schedule(GATHERED_GRACE_MS, () => {
			if (this.#candidates.none && this.#state === "opening")
				this.#fail({ kind: "no_candidates" });
		});
	}

	#onSignal(data: unknown): void {
		const signal = readSimplePeerSignal(data, this.#part?.offererLeads);
		if (!signal || this.#state === "ended") return;
		if (signal.kind === "candidate") {
			this.#candidates.found(signal);
			return;
		}
		this.#options.send(signal);
		if (!this.#options.answerFirst) this.#sayEarly();
	}

	#sayEarly(): void {
		const early = this.#early ?? [];
		this.#early = undefined;
		for (const candidate of early) this.#options.send(candidate);
	}

	#sayCandidate(signal: PeerSignal): void {
		if (this.#early) this.#early.push(signal);
		else this.#options.send(signal);
	}

	#onClose(peer: SimplePeerLike | undefined): void {
		// The timer may have been set between `destroy` and this.
		if (peer) stopIceTimer(peer);
		this.#fail({ kind: "failed", message: "the peer connection closed" });
	}

	#fail(end: AttemptEnd): void {
		if (this.#state === "ended") return;
		const error =
			this.#state === "open"
				? new EasyRemoteError(
						"UNAVAILABLE",
						"the direct path was lost: its peer connection broke",
					)
				: notOpened(end, this.facts);
		this.#end(error, error);
	}

	#end(notOpened: EasyRemoteError, reason: EasyRemoteError | undefined): void {
		if (this.#state === "ended") return;
		this.#settledFacts = this.facts;
		this.#state = "ended";
		this.#cancelTimeout?.();
		this.#cancelPoll?.();
		this.#cancelLook?.();
		this.#candidates.stop();
		if (this.#peer) {
			this.#peer.destroy();
			stopIceTimer(this.#peer);
		}
		this.#opened.reject(notOpened);
		this.#ended.resolve(reason);
	}
}

function notOpened(end: AttemptEnd, facts: AttemptFacts): EasyRemoteError {
	const { reason, fix } = explainNoPath(end, facts);
	return new EasyRemoteError("UNAVAILABLE", reason, {
		hint: fix,
		details: { reason: end.kind },
	});
}

function stopIceTimer(peer: SimplePeerLike): void {
	if (peer._iceCompleteTimer) clearTimeout(peer._iceCompleteTimer);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** The DOM's dictionaries take a missing member, not one that is undefined. */
function withoutUndefined(server: NegotiationOptions["iceServers"][number]) {
	const { urls, username, credential } = server;
	return { urls, ...present({ username, credential }) };
}
