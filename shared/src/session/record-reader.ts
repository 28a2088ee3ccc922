import type { EncodedValue } from "../codec/encoded-value.js";
import { readUint32 } from "../codec/uint32.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { CallMessage, ValueLayout } from "../protocol/call-messages.js";
import { PROTOCOL } from "../protocol/constants.js";
import { readCallMessage } from "../protocol/short-header.js";
import { GrowingBuffer } from "./growing-buffer.js";
import { RECORD_PREFIX_BYTES } from "./record.js";

/** Where records go: an object, since two functions for each call would cost a small one time. */
export interface RecordSink {
	/** Takes one, whole: its header, the value behind it, and how many bytes they were. */
	record(
		header: CallMessage,
		value: EncodedValue | undefined,
		bytes: number,
	): void;
}

/** A value of which parts are still to come. */
interface Arriving {
	readonly header: CallMessage;
	readonly layout: ValueLayout;
	readonly buffers: readonly GrowingBuffer[];
	/** Index of the buffer being filled. */
	filling: number;
	readonly total: number;
}

/** Cuts one direction of a call into records. Throws INVALID_ARGUMENT or RESOURCE_EXHAUSTED on what it will not take. */
export class RecordReader {
	readonly #sink: RecordSink;
	readonly #maxValueBytes: number;
	/** Start of a record whose header is not whole yet. */
	#head: GrowingBuffer | undefined;
	#prefix: GrowingBuffer | undefined;
	#arriving: Arriving | undefined;
	#received = 0;

	constructor(maxValueBytes: number, sink: RecordSink) {
		this.#maxValueBytes = maxValueBytes;
		this.#sink = sink;
	}

	/** Bytes here of the record that is arriving. */
	get received(): number {
		return this.#received;
	}

	/** Length of the record that is arriving, as far as it is known, bytes. */
	get total(): number {
		return this.#arriving?.total ?? this.#received;
	}

	/** Whether a record has begun and not ended. */
	get partial(): boolean {
		return this.#received > 0;
	}

	/** Takes the next bytes of the stream; they may be kept, not copied. */
	read(bytes: Uint8Array): void {
		let offset = 0;
		while (offset < bytes.length) {
			offset += this.#step(bytes, offset);
		}
	}

	/** Uses some bytes from `offset` on and says how many. */
	#step(bytes: Uint8Array, offset: number): number {
		if (this.#arriving) return this.#fill(this.#arriving, bytes, offset);
		if (!this.#prefix && !this.#head) {
			const used = this.#wholeHeader(bytes, offset);
			if (used > 0) return used;
		}
		if (!this.#head) {
			this.#prefix ??= new GrowingBuffer(RECORD_PREFIX_BYTES);
			const used = this.#prefix.fill(bytes, offset);
			this.#received += used;
			if (this.#prefix.full) {
				this.#head = new GrowingBuffer(headerLength(this.#prefix.take(), 0));
				this.#prefix = undefined;
			}
			return used;
		}
		const used = this.#head.fill(bytes, offset);
		this.#received += used;
		if (this.#head.full) {
			const header = this.#head.take();
			this.#head = undefined;
			this.#begin(header);
		}
		return used;
	}

	/** The common case: prefix and header are all here. Says how many bytes they were, or 0. */
	#wholeHeader(bytes: Uint8Array, offset: number): number {
		const start = offset + RECORD_PREFIX_BYTES;
		if (start > bytes.length) return 0;
		const end = start + headerLength(bytes, offset);
		if (end > bytes.length) return 0;
		this.#received = end - offset;
		const body = this.#begin(bytes.subarray(start, end), bytes, end);
		return end - offset + body;
	}

	/** Reads a header; where the whole value stands behind it, at `next` in `bytes`, takes that too. */
	#begin(
		headerBytes: Uint8Array,
		bytes = headerBytes,
		next = bytes.length,
	): number {
		const header = readCallMessage(headerBytes);
		const layout = "value" in header ? header.value : undefined;
		if (!layout) {
			this.#deliver(header, undefined);
			return 0;
		}
		const end = next + layout.length;
		if (end <= bytes.length && !layout.attachments && mayBeView(layout)) {
			this.#received += layout.length;
			const body = bytes.subarray(next, end);
			const { format } = layout;
			this.#deliver(header, { format, body, attachments: NONE });
			return layout.length;
		}
		this.#expect(header, layout);
		return 0;
	}

	/** Makes room for a value of which parts are still to come. */
	#expect(header: CallMessage, layout: ValueLayout): void {
		const lengths = [layout.length, ...(layout.attachments ?? [])];
		const size = lengths.reduce((sum, length) => sum + length, 0);
		if (size > this.#maxValueBytes) {
			throw new EasyRemoteError(
				"RESOURCE_EXHAUSTED",
				`a value of ${size} bytes is over the limit of ${this.#maxValueBytes}`,
				{
					hint: "send it in pieces, as a stream",
					details: { reason: "payload_too_large", limit: this.#maxValueBytes },
					retryable: false,
				},
			);
		}
		const arriving = {
			header,
			layout,
			buffers: lengths.map((length) => new GrowingBuffer(length)),
			filling: 0,
			total: this.#received + size,
		};
		this.#arriving = arriving;
		this.#advance(arriving);
	}

	#fill(arriving: Arriving, bytes: Uint8Array, offset: number): number {
		const buffer = arriving.buffers[arriving.filling];
		if (!buffer) return 0;
		const used = buffer.fill(bytes, offset);
		this.#received += used;
		this.#advance(arriving);
		return used;
	}

	/** Steps over full buffers, and delivers when none is left. */
	#advance(arriving: Arriving): void {
		while (arriving.buffers[arriving.filling]?.full) arriving.filling += 1;
		if (arriving.filling < arriving.buffers.length) return;
		const [body, ...attachments] = arriving.buffers.map((buffer) =>
			buffer.take(),
		);
		this.#arriving = undefined;
		this.#deliver(arriving.header, {
			format: arriving.layout.format,
			body: body ?? new Uint8Array(0),
			attachments,
		});
	}

	#deliver(header: CallMessage, value: EncodedValue | undefined): void {
		const size = this.#received;
		this.#received = 0;
		this.#sink.record(header, value, size);
	}
}

const NONE: readonly Uint8Array[] = [];

/** Bytes are handed to users as they are, and must not share a buffer with others. */
function mayBeView(layout: ValueLayout): boolean {
	return layout.format !== "bytes";
}

function headerLength(bytes: Uint8Array, offset: number): number {
	const length = readUint32(bytes, offset);
	if (length === 0 || length > PROTOCOL.recordHeaderBytes) {
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`a header of ${length} bytes is not between 1 and ${PROTOCOL.recordHeaderBytes}`,
		);
	}
	return length;
}
