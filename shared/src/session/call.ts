import type { EncodedValue } from "../codec/encoded-value.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallHeader, CallMessage } from "../protocol/call-messages.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { CallEnd, CallEvents, PathKind } from "./call-end.js";
import type { Path, PathUser } from "./path.js";
import { ReceiveStream } from "./receive-stream.js";
import { encodeRecord } from "./record.js";
import type { RecordSink } from "./record-reader.js";
import { SendStream } from "./send-stream.js";

/** What a call asks of its session. */
export interface CallOwner {
	/** The call was cancelled at this end. */
	cancelled(call: SessionCall, error: EasyRemoteError): void;
	/** The user is done with a message of this many bytes: credit may have become due. */
	released(call: SessionCall, bytes: number): void;
	/** Everything this end said has arrived. */
	delivered(call: SessionCall): void;
}

/** One end of one call: two streams and the path they are on. */
export class SessionCall implements CallEnd, PathUser, RecordSink {
	readonly number: number;
	/** Whether this end opened it, and so is the one that moves it to another path. */
	readonly local: boolean;
	/** The paths it may use. */
	readonly wanted: PathKind | "any";
	readonly out = new SendStream(PROTOCOL.callWindowBytes);
	readonly in: ReceiveStream;
	ticket: number | undefined = undefined;
	readonly #owner: CallOwner;
	#events: CallEvents | undefined;
	#path: Path | undefined;
	#held = false;
	#over = false;

	constructor(
		number: number,
		options: {
			readonly local: boolean;
			readonly wanted: PathKind | "any";
			readonly owner: CallOwner;
			readonly maxValueBytes: number;
		},
	) {
		this.number = number;
		this.local = options.local;
		this.wanted = options.wanted;
		this.#owner = options.owner;
		this.in = new ReceiveStream(options.maxValueBytes, this);
	}

	/** From `in`: one message of the far end. */
	record(
		header: CallMessage,
		value: EncodedValue | undefined,
		bytes: number,
	): void {
		let released = false;
		const release = () => {
			if (released) return;
			released = true;
			this.in.release(bytes);
			this.#owner.released(this, bytes);
		};
		if (this.#over) release();
		else this.#events?.message(header, value, release);
	}

	/** Names who hears of the call. Apart from the constructor, since that one is given the call. */
	listen(events: CallEvents): void {
		this.#events = events;
	}

	get path(): Path | undefined {
		return this.#path;
	}

	/** Whether nothing more is expected of it here. */
	get over(): boolean {
		return this.#over;
	}

	get bytesSent(): number {
		return this.out.furthest;
	}

	get sendTotal(): number | undefined {
		return this.out.total;
	}

	get bytesReceived(): number {
		return this.in.received;
	}

	get incoming(): { readonly received: number; readonly total: number } {
		return this.in.incoming;
	}

	get writable(): boolean {
		return this.out.writable;
	}

	send(header: CallHeader, value?: EncodedValue): void {
		if (this.#over) return;
		this.out.write(encodeRecord(header, value));
		this.enqueue();
	}

	end(): void {
		if (this.#over) return;
		this.out.end();
		this.enqueue();
	}

	cancel(error: EasyRemoteError): void {
		if (this.#over) return;
		this.finish();
		this.#owner.cancelled(this, error);
	}

	/** Puts the call on a path; `held` until the far end has said from where to go on. */
	place(path: Path | undefined, held = false): void {
		this.#path?.forget(this);
		this.#path = path;
		this.#held = held;
		this.enqueue();
	}

	/** The far end has told from where to go on. False if it named what was never sent. */
	resume(position: number): boolean {
		this.#held = false;
		if (!this.out.rewind(position)) return false;
		this.enqueue();
		return true;
	}

	enqueue(): void {
		if (!this.#held && this.out.sendable) this.#path?.enqueue(this);
	}

	sent(): void {
		if (this.out.resumes()) this.#events?.drained();
	}

	acknowledged(position: number): void {
		this.out.acknowledge(position);
		if (this.#over) return;
		this.#events?.transferred?.();
		if (this.out.finished) this.#owner.delivered(this);
	}

	/** Tells the user that bytes came in. */
	progressed(): void {
		if (!this.#over) this.#events?.transferred?.();
	}

	/** The far end said all. */
	ended(): void {
		if (!this.#over) this.#events?.ended();
	}

	/** Ends it here without telling the far end. */
	fail(error: EasyRemoteError): void {
		if (this.#over) return;
		this.finish();
		this.#events?.failed(error);
	}

	/** No more events, no more sending. */
	finish(): void {
		this.#over = true;
		this.#path?.forget(this);
	}
}
