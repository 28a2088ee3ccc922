/** What both baselines are driven through: messages, and a way to wait while too much is queued. */
export interface BarePipe {
	/** Size of a message of a bulk transfer, bytes. */
	readonly chunkBytes: number;
	send(message: Uint8Array): void;
	/** Undefined when more may be sent at once, else a promise of that. */
	ready(): Promise<void> | undefined;
	onMessage(listener: (message: Uint8Array) => void): void;
	close(): void;
}

/** First byte of a message. */
export const KIND = {
	call: 0,
	begin: 1,
	chunk: 2,
	end: 3,
	request: 4,
} as const;

/** Bytes before the payload of every message. */
export const HEADER_BYTES = 5;

/** A message: kind, a number, payload. */
export function message(
	kind: number,
	number: number,
	payload: Uint8Array = EMPTY,
): Uint8Array {
	const bytes = new Uint8Array(HEADER_BYTES + payload.length);
	bytes[0] = kind;
	new DataView(bytes.buffer).setUint32(1, number);
	bytes.set(payload, HEADER_BYTES);
	return bytes;
}

/** The number in a message. */
export function numberIn(bytes: Uint8Array): number {
	return new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
}

/** Sends `bytes` in chunks, as fast as the pipe takes them. */
export async function sendBulk(
	pipe: BarePipe,
	bytes: Uint8Array,
): Promise<void> {
	pipe.send(message(KIND.begin, bytes.length));
	const step = pipe.chunkBytes - HEADER_BYTES;
	for (let offset = 0; offset < bytes.length; offset += step) {
		pipe.send(
			message(KIND.chunk, offset, bytes.subarray(offset, offset + step)),
		);
		const wait = pipe.ready();
		if (wait) await wait;
	}
	pipe.send(message(KIND.end, bytes.length));
}

/** Puts the chunks of one transfer after another into a buffer of the announced size. */
export class BulkReceiver {
	bytes = EMPTY;

	/** Whether the message ended a transfer. */
	take(bytes: Uint8Array): boolean {
		const number = numberIn(bytes);
		if (bytes[0] === KIND.begin) this.bytes = new Uint8Array(number);
		if (bytes[0] === KIND.chunk)
			this.bytes.set(bytes.subarray(HEADER_BYTES), number);
		return bytes[0] === KIND.end;
	}
}

const EMPTY = new Uint8Array(0);
