import type { EncodedValue } from "../codec/encoded-value.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallMessage } from "../protocol/call-messages.js";
import { PROTOCOL } from "../protocol/constants.js";
import { RecordReader, type RecordSink } from "./record-reader.js";

/**
 * The incoming half of a call: puts data frames in order (two paths may both have carried the same
 * bytes), cuts them into records, and says how far the far end may go on.
 */
export class ReceiveStream implements RecordSink {
	readonly #sink: RecordSink;
	readonly #reader: RecordReader;
	#received = 0;
	#finAt: number | undefined;
	#unreleased = 0;
	#announced: number = PROTOCOL.callWindowBytes;

	constructor(maxValueBytes: number, sink: RecordSink) {
		this.#sink = sink;
		this.#reader = new RecordReader(maxValueBytes, this);
	}

	/** From its reader. */
	record(
		header: CallMessage,
		value: EncodedValue | undefined,
		bytes: number,
	): void {
		this.#unreleased += bytes;
		this.#sink.record(header, value, bytes);
	}

	/** Bytes in order so far. */
	get received(): number {
		return this.#received;
	}

	/** What an `attach` or `attached` frame says: `received`, and one more once the end is here. */
	get position(): number {
		return this.finished ? this.#received + 1 : this.#received;
	}

	/** Whether the far end's last byte, and its end, are here. */
	get finished(): boolean {
		return this.#finAt === this.#received;
	}

	/** Bytes held here for the user of the call: of unfinished and of unreleased messages. */
	get buffered(): number {
		return this.#unreleased + this.#reader.received;
	}

	/** The message that is arriving: how much is here, and how long it will be, bytes. */
	get incoming(): { readonly received: number; readonly total: number } {
		return { received: this.#reader.received, total: this.#reader.total };
	}

	/**
	 * Takes one data frame. Bytes that came before are skipped.
	 * @throws INVALID_ARGUMENT on a gap, on bytes past the end or past the credit, and on malformed records
	 */
	accept(offset: number, bytes: Uint8Array, fin: boolean): void {
		const end = offset + bytes.length;
		if (offset > this.#received) throw broken("bytes are missing before it");
		if (end > this.#announced) throw broken("it goes past the credit given");
		if (this.#finAt !== undefined && end > this.#finAt)
			throw broken("it goes past the end of its stream");
		if (fin) {
			if (end < this.#received) throw broken("it ends before what came before");
			this.#finAt = end;
		}
		if (end <= this.#received) return;
		const known = this.#received - offset;
		this.#received = end;
		this.#reader.read(known > 0 ? bytes.subarray(known) : bytes);
		if (this.finished && this.#reader.partial)
			throw broken("the stream ends within a message");
	}

	/** Gives back the credit of a message that has been used up. */
	release(bytes: number): void {
		this.#unreleased -= bytes;
	}

	/** The next credit to announce, once it is worth a frame. */
	nextCredit(): number | undefined {
		if (this.#finAt !== undefined) return undefined;
		const limit = this.#received + PROTOCOL.callWindowBytes - this.#unreleased;
		if (limit - this.#announced < PROTOCOL.callWindowBytes / 2)
			return undefined;
		this.#announced = limit;
		return limit;
	}

	/** The credit in force, to be said again on a new path. */
	get announced(): number {
		return this.#announced;
	}
}

function broken(what: string): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`a data frame breaks its stream: ${what}`,
	);
}
