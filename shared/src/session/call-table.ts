import { NumberTable } from "../async/number-table.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { type CallOwner, SessionCall } from "./call.js";
import type { PathKind } from "./call-end.js";
import { SeenNumbers } from "./seen-numbers.js";
import type { SessionLimits } from "./session-types.js";

/** The calls of one session that are not over, their numbers, and what they may cost. No I/O. */
export class CallTable {
	readonly #limits: SessionLimits;
	readonly #owner: CallOwner;
	readonly #calls = new NumberTable<SessionCall>();
	readonly #seen: SeenNumbers;
	#nextNumber: number;
	#buffered = 0;
	#incoming = 0;

	/** @param opener whether this end opened the session: its calls then have odd numbers */
	constructor(opener: boolean, limits: SessionLimits, owner: CallOwner) {
		this.#limits = limits;
		this.#owner = owner;
		this.#nextNumber = opener ? 1 : 2;
		this.#seen = new SeenNumbers(opener ? 2 : 1);
	}

	get size(): number {
		return this.#calls.size;
	}

	/** Whether one more call of the far end is within the limit. */
	get acceptsMore(): boolean {
		return this.#incoming < this.#limits.maxIncomingCalls;
	}

	/** The calls now, safe against changes while they are walked. */
	list(): readonly SessionCall[] {
		return this.#calls.values();
	}

	get(number: number): SessionCall | undefined {
		return this.#calls.get(number);
	}

	has(call: SessionCall): boolean {
		return this.#calls.get(call.number) === call;
	}

	/** Makes a call of this end. It counts once it is added. */
	createLocal(wanted: PathKind | "any"): SessionCall {
		const number = this.#nextNumber;
		this.#nextNumber += 2;
		return this.#create(number, true, wanted);
	}

	/** Makes a call of the far end, whose number must be `unseen`; it is seen from now on. */
	createRemote(number: number): SessionCall {
		this.#seen.add(number);
		return this.#create(number, false, "any");
	}

	/** Whether `number` is one the far end may use and has not. */
	unseen(number: number): boolean {
		return this.#seen.allows(number) && !this.#seen.has(number);
	}

	/** A call that was cancelled before its first frame came must not start when that comes. */
	bar(number: number): void {
		if (this.unseen(number)) this.#seen.add(number);
	}

	add(call: SessionCall): void {
		this.#calls.set(call.number, call);
		if (!call.local) this.#incoming += 1;
	}

	/** Forgets a call; false if it was forgotten before. */
	remove(call: SessionCall): boolean {
		if (!this.has(call)) return false;
		this.#calls.delete(call.number);
		this.#buffered -= call.in.buffered;
		if (!call.local) this.#incoming -= 1;
		return true;
	}

	clear(): readonly SessionCall[] {
		const calls = this.list();
		this.#calls.clear();
		this.#buffered = 0;
		this.#incoming = 0;
		return calls;
	}

	/**
	 * Counts bytes that a call holds more (or, negative, fewer) than before.
	 * @throws RESOURCE_EXHAUSTED when the session holds too many in all
	 */
	holds(call: SessionCall, bytes: number): void {
		if (!this.has(call)) return;
		this.#buffered += bytes;
		if (bytes <= 0 || this.#buffered <= this.#limits.maxBufferedBytes) return;
		throw new EasyRemoteError(
			"RESOURCE_EXHAUSTED",
			"too many bytes of this session wait to be read",
			{ details: { limit: this.#limits.maxBufferedBytes } },
		);
	}

	#create(
		number: number,
		local: boolean,
		wanted: PathKind | "any",
	): SessionCall {
		return new SessionCall(number, {
			local,
			wanted,
			owner: this.#owner,
			maxValueBytes: this.#limits.maxValueBytes,
		});
	}
}
