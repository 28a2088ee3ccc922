import type { Channel } from "../channel/channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { Clock } from "../time/clock.js";
import { systemClock } from "../time/system-clock.js";
import type { SessionCall } from "./call.js";
import type { CallEnd, CallEvents, PathInfo, PathKind } from "./call-end.js";
import { CallTable } from "./call-table.js";
import {
	decodeNumbers,
	encodeNumbers,
	FLAG_FIN,
	FRAME,
	type IncomingFrame,
} from "./frame.js";
import { packFrameError, readFrameError } from "./frame-error.js";
import { callerGone, lossOf } from "./loss.js";
import { Path } from "./path.js";
import { Patience } from "./patience.js";
import {
	forgottenCall,
	impossiblePosition,
	tooManyCalls,
	unexpectedCall,
} from "./refusals.js";
import {
	DEFAULT_SESSION_LIMITS,
	type PathDetails,
	type SessionEnd,
	type SessionOptions,
} from "./session-types.js";

/**
 * The conversation of calls between two ends, over whichever paths there are. A call lives in the
 * session, not on a path: when its path dies, the end that opened it attaches it to another one,
 * and both ends go on from the last byte the other has.
 */
export class Session implements SessionEnd {
	readonly id: string;
	readonly #options: SessionOptions;
	readonly #clock: Clock;
	readonly #paths = new Map<PathKind, Path>();
	readonly #calls: CallTable;
	/** Cancels of calls that had no path at the time. */
	readonly #unsaidCancels = new Map<number, EasyRemoteError>();
	#strandedTimeoutMs: number;
	readonly #patience: Patience;
	#lostOnce = false;
	#closed = false;

	constructor(options: SessionOptions) {
		this.id = options.id;
		this.#options = options;
		this.#clock = options.clock ?? systemClock;
		this.#patience = new Patience(this.#clock);
		this.#strandedTimeoutMs = options.strandedTimeoutMs;
		const limits = { ...DEFAULT_SESSION_LIMITS, ...options.limits };
		this.#calls = new CallTable(options.opener, limits, {
			cancelled: (call, error) => {
				this.#sayCancelled(call, error);
			},
			released: (call, bytes) => {
				if (!this.#calls.has(call)) return;
				this.#calls.holds(call, -bytes);
				this.#giveCredit(call);
			},
			delivered: (call) => {
				if (!call.local) this.#calls.remove(call);
			},
		});
	}

	get paths(): { readonly relay?: PathInfo; readonly direct?: PathInfo } {
		const relay = this.#paths.get("relay");
		const direct = this.#paths.get("direct");
		return { ...(relay ? { relay } : {}), ...(direct ? { direct } : {}) };
	}

	get activeCalls(): number {
		return this.#calls.size;
	}

	get closed(): boolean {
		return this.#closed;
	}

	open(events: CallEvents, wanted: PathKind | "any"): CallEnd {
		const call = this.#calls.createLocal(wanted);
		call.listen(events);
		if (this.#closed) {
			call.fail(lossOf(call, undefined));
			return call;
		}
		this.#calls.add(call);
		call.place(this.#pathFor(wanted));
		return call;
	}

	addPath(kind: PathKind, channel: Channel, details: PathDetails = {}): void {
		if (this.#closed) {
			channel.close();
			return;
		}
		const former = this.#paths.get(kind);
		const path = new Path(kind, channel, {
			clock: this.#clock,
			details,
			events: {
				frame: (from, frame) => {
					this.#take(from, frame);
				},
				lost: (gone, error) => {
					this.#lost(gone, error);
				},
			},
		});
		this.#paths.set(kind, path);
		this.#patience.end("path");
		path.start();
		former?.close();
		for (const [number, error] of this.#unsaidCancels)
			path.control(FRAME.cancel, number, 0, packFrameError(error));
		this.#unsaidCancels.clear();
		for (const call of this.#calls.list()) if (!call.path) this.#move(call);
		this.#sayLive();
		this.#options.events?.pathsChanged?.(kind, undefined);
	}

	dropPath(kind: PathKind, error?: EasyRemoteError): void {
		this.#paths.get(kind)?.close(error);
	}

	probe(kind: PathKind, timeoutMs: number): void {
		this.#paths.get(kind)?.probe(timeoutMs);
	}

	setStrandedTimeout(timeoutMs: number): void {
		this.#strandedTimeoutMs = timeoutMs;
		if (!this.#patience.waits("path")) return;
		this.#patience.end("path");
		this.#planStranded();
	}

	close(error?: EasyRemoteError): void {
		if (this.#closed) return;
		const body = error ? packFrameError(error) : undefined;
		for (const path of this.#paths.values())
			path.control(FRAME.close, 0, 0, body);
		const reason =
			error ??
			new EasyRemoteError("CANCELLED", "the session was closed at this end");
		this.#finish(error, (call) => call.fail(reason));
	}

	/** Ends everything here; `tell` says to each call why. */
	#finish(
		error: EasyRemoteError | undefined,
		tell: (call: SessionCall) => void,
	): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#patience.stop();
		const calls = this.#calls.clear();
		for (const path of [...this.#paths.values()]) path.close();
		this.#paths.clear();
		for (const call of calls) tell(call);
		this.#options.events?.closed?.(error);
	}

	// ── paths ──

	#pathFor(wanted: PathKind | "any"): Path | undefined {
		if (wanted !== "any") return this.#paths.get(wanted);
		return this.#paths.get("direct") ?? this.#paths.get("relay");
	}

	#lost(path: Path, error: EasyRemoteError | undefined): void {
		if (this.#closed) return;
		if (this.#paths.get(path.kind) === path) this.#paths.delete(path.kind);
		let orphans = false;
		for (const call of this.#calls.list()) {
			if (call.path !== path) continue;
			if (call.local) this.#move(call);
			else {
				call.place(undefined);
				orphans = true;
			}
		}
		if (orphans)
			this.#patience.wait("remote calls", PROTOCOL.orphanTimeoutMs, () => {
				this.#giveUpPathless(false);
			});
		this.#lostOnce = true;
		this.#sayLive();
		this.#options.events?.pathsChanged?.(path.kind, error);
		// Its owner may have closed the session, or added a path, when told.
		if (this.closed || this.#paths.size > 0) return;
		this.#planStranded(error);
		this.#options.events?.stranded?.();
	}

	/** Puts a call that this end opened on a path that is left, to go on from the last byte known there. */
	#move(call: SessionCall): void {
		if (!call.local) return;
		const path = this.#pathFor(call.wanted);
		const begun = call.out.furthest > 0;
		call.place(path, begun);
		if (!path && this.#paths.size > 0)
			this.#patience.wait("local calls", this.#strandedTimeoutMs, () => {
				this.#giveUpPathless(true);
			});
		if (!path || !begun) return;
		path.control(FRAME.attach, call.number, call.in.position);
		path.control(FRAME.credit, call.number, call.in.announced);
	}

	/**
	 * Tells the far end which of our calls go on, after a path was lost: it may hold an answer whose
	 * acknowledgement went down with the path, and would wait for us to fetch it.
	 */
	#sayLive(): void {
		const path = this.#pathFor("any");
		if (!this.#lostOnce || !path) return;
		const numbers = this.#calls.list().filter((call) => call.local);
		if (numbers.length > MOST_LIVE) return;
		const body = encodeNumbers(numbers.map((call) => call.number));
		path.control(FRAME.live, 0, 0, body);
	}

	#planStranded(error?: EasyRemoteError): void {
		this.#patience.wait("path", this.#strandedTimeoutMs, () => {
			const cause =
				error ?? new EasyRemoteError("UNAVAILABLE", "no path was left");
			this.#finish(cause, (call) => {
				call.fail(call.local ? lossOf(call, cause) : callerGone(cause));
			});
		});
	}

	/** Gives up calls that lost their path and got no other, but for those that go on at the far end. */
	#giveUpPathless(local: boolean, live?: ReadonlySet<number>): void {
		for (const call of this.#calls.list()) {
			if (call.path || call.local !== local || live?.has(call.number)) continue;
			this.#calls.remove(call);
			call.fail(local ? lossOf(call, undefined) : callerGone(undefined));
		}
	}

	// ── frames ──

	#take(path: Path, frame: IncomingFrame): void {
		switch (frame.type) {
			case FRAME.data:
				this.#data(path, frame);
				return;
			case FRAME.credit:
				if (this.#calls.get(frame.call)?.out.credit(frame.position))
					this.#calls.get(frame.call)?.enqueue();
				return;
			case FRAME.cancel:
				this.#cancelled(frame);
				return;
			case FRAME.attach:
				this.#attach(path, frame);
				return;
			case FRAME.attached:
				this.#attached(path, frame);
				return;
			case FRAME.live:
				this.#giveUpPathless(false, decodeNumbers(frame.body));
				return;
			case FRAME.close:
				this.#closedByPeer(frame);
				return;
			default:
				// Frames of a later protocol: ignored, so that it can add some.
				return;
		}
	}

	#data(path: Path, frame: IncomingFrame): void {
		const call = this.#calls.get(frame.call) ?? this.#accept(path, frame);
		if (!call) return;
		const before = call.in.buffered;
		try {
			call.in.accept(
				frame.position,
				frame.body,
				(frame.flags & FLAG_FIN) !== 0,
			);
			this.#calls.holds(call, call.in.buffered - before);
		} catch (error) {
			// What this call said cannot be trusted; the others on the path are well.
			const reason = toEasyRemoteError(error);
			this.#sayCancelled(call, reason);
			call.fail(reason);
			return;
		}
		if (call.over) return;
		this.#giveCredit(call);
		call.progressed();
		if (!call.in.finished) return;
		call.ended();
		if (call.local) {
			this.#calls.remove(call);
			call.finish();
		}
	}

	/** The first frame of a call of the far end makes it; a late one of a call that is over is dropped. */
	#accept(path: Path, frame: IncomingFrame): SessionCall | undefined {
		if (frame.position !== 0 || !this.#calls.unseen(frame.call))
			return undefined;
		const call = this.#calls.createRemote(frame.call);
		call.place(path);
		const { accept } = this.#options;
		if (!accept || !this.#calls.acceptsMore) {
			call.cancel(accept ? tooManyCalls() : unexpectedCall());
			return undefined;
		}
		this.#calls.add(call);
		call.listen(accept(call));
		return call;
	}

	#cancelled(frame: IncomingFrame): void {
		const call = this.#calls.get(frame.call);
		if (!call) {
			this.#calls.bar(frame.call);
			return;
		}
		this.#calls.remove(call);
		call.fail(
			readFrameError(frame.body, "CANCELLED", "cancelled by the caller"),
		);
	}

	#attach(path: Path, frame: IncomingFrame): void {
		const call = this.#calls.get(frame.call);
		if (call?.local === false) {
			path.control(FRAME.attached, call.number, call.in.position);
			path.control(FRAME.credit, call.number, call.in.announced);
			call.place(path);
			if (!call.resume(frame.position)) path.close(impossiblePosition());
			return;
		}
		if (this.#calls.unseen(frame.call)) {
			path.control(FRAME.attached, frame.call, 0);
			return;
		}
		path.control(FRAME.cancel, frame.call, 0, packFrameError(forgottenCall()));
	}

	#attached(path: Path, frame: IncomingFrame): void {
		const call = this.#calls.get(frame.call);
		if (!call?.local || call.path !== path) return;
		if (!call.resume(frame.position)) path.close(impossiblePosition());
	}

	#closedByPeer(frame: IncomingFrame): void {
		const error =
			frame.body.length > 0
				? readFrameError(frame.body, "UNAVAILABLE", "closed by the other end")
				: undefined;
		this.#finish(error, (call) => {
			call.fail(call.local ? lossOf(call, error) : callerGone(error));
		});
	}

	// ── calls ──

	#giveCredit(call: SessionCall): void {
		const limit = call.in.nextCredit();
		if (limit !== undefined)
			call.path?.control(FRAME.credit, call.number, limit);
	}

	#sayCancelled(call: SessionCall, error: EasyRemoteError): void {
		// A call that never left is unknown over there.
		const path = call.path;
		const known = !call.local || call.out.furthest > 0;
		this.#calls.remove(call);
		if (!known || this.#closed) return;
		if (path) path.control(FRAME.cancel, call.number, 0, packFrameError(error));
		else this.#unsaidCancels.set(call.number, error);
	}
}

/** More calls than this are not listed in one frame; those that are over are then given up by time. */
const MOST_LIVE = 10_000;
