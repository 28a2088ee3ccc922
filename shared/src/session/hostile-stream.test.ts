import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packEnvelope } from "../codec/envelope.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import {
	decodeNumbers,
	encodeFrames,
	encodeNumbers,
	FRAME,
	FRAME_HEADER_BYTES,
	forEachFrame,
	type IncomingFrame,
} from "./frame.js";
import { readFrameError } from "./frame-error.js";
import { encodeRecord } from "./record.js";
import { RecordReader } from "./record-reader.js";

const MAX_VALUE_BYTES = 100_000;
const LARGE_BYTES = 100_000_000;

/** Runs a decoder, and fails on any error but those that are allowed. */
function orRefuse(decode: () => unknown): "decoded" | "refused" {
	try {
		decode();
		return "decoded";
	} catch (error) {
		expect(error).toBeInstanceOf(EasyRemoteError);
		expect(["INVALID_ARGUMENT", "RESOURCE_EXHAUSTED"]).toContain(
			(error as EasyRemoteError).code,
		);
		return "refused";
	}
}

describe("frames", () => {
	it("of random bytes are read within their message, or refused", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 100 }), (message) => {
				let bytes = 0;
				const outcome = orRefuse(() =>
					forEachFrame(message, ({ body, position }) => {
						bytes += FRAME_HEADER_BYTES + body.length;
						expect(Number.isSafeInteger(position)).toBe(true);
					}),
				);
				expect(bytes <= message.length).toBe(true);
				expect(outcome === "decoded").toBe(bytes === message.length);
			}),
			{ numRuns: 3_000 },
		);
	});

	it("come back as they were written, and at no other length", () => {
		const frame = fc.record({
			type: fc.constantFrom(...Object.values(FRAME)),
			flags: fc.nat(255),
			position: fc.nat(2 ** 48 - 1),
			call: fc.nat(0xffff_ffff),
			body: fc.uint8Array({ maxLength: 40 }),
		});
		fc.assert(
			fc.property(
				fc.array(frame, { minLength: 1, maxLength: 5 }),
				fc.integer({ min: 1, max: FRAME_HEADER_BYTES - 1 }),
				(frames, missing) => {
					const size = frames.reduce(
						(sum, { body }) => sum + FRAME_HEADER_BYTES + body.length,
						0,
					);
					const message = encodeFrames(frames, size);
					const read: IncomingFrame[] = [];
					forEachFrame(message, (each) =>
						read.push({ ...each, body: each.body.slice() }),
					);
					expect(read).toEqual(frames);
					const cut = message.subarray(0, size - missing);
					expect(orRefuse(() => forEachFrame(cut, () => undefined))).toBe(
						"refused",
					);
				},
			),
		);
	});

	it("that list calls give back the numbers, whatever is behind them", () => {
		fc.assert(
			fc.property(
				fc.uniqueArray(fc.nat(0xffff_ffff)),
				fc.uint8Array({ maxLength: 3 }),
				(numbers, rest) => {
					const body = Uint8Array.of(...encodeNumbers(numbers), ...rest);
					expect([...decodeNumbers(body)]).toEqual(numbers);
				},
			),
		);
	});

	it("that say why something ended give an error, whatever they hold", () => {
		const body = fc.oneof(
			fc.uint8Array({ maxLength: 60 }),
			fc.jsonValue().map((value) => packEnvelope(value)),
			fc
				.record({ code: fc.string(), message: fc.jsonValue() })
				.map((value) => packEnvelope(value)),
		);
		fc.assert(
			fc.property(body, (bytes) => {
				const error = readFrameError(bytes, "CANCELLED", "it was cancelled");
				expect(error).toBeInstanceOf(EasyRemoteError);
				expect(error.message).not.toBe(undefined);
			}),
			{ numRuns: 3_000 },
		);
	});
});

/** Reads a stream that comes in pieces; gives what was delivered. */
function readAll(stream: Uint8Array, cuts: readonly number[]): unknown[] {
	const read: unknown[] = [];
	const reader = new RecordReader(MAX_VALUE_BYTES, {
		record: (header, value, bytes) =>
			read.push({
				header,
				value: value && {
					...value,
					body: value.body.slice(),
					attachments: value.attachments.map((each) => each.slice()),
				},
				bytes,
			}),
	});
	const ends = [...cuts.map((cut) => cut % (stream.length + 1)), stream.length];
	let start = 0;
	for (const end of ends.sort((a, b) => a - b)) {
		// Pieces may be kept, so each is its own.
		reader.read(stream.slice(start, end));
		start = end;
	}
	return read;
}

const honest = new Uint8Array(
	Buffer.concat([
		...encodeRecord(
			{ type: "function_call", id: "c", function: "f", attempt: 1 },
			{
				format: "msgpack",
				body: new Uint8Array(50).fill(7),
				attachments: [new Uint8Array(30).fill(8), new Uint8Array(0)],
			},
		),
		...encodeRecord(
			{ type: "progress", fraction: 0.5, message: "half" },
			{ format: "json", body: new Uint8Array(10), attachments: [] },
		),
		...encodeRecord({ type: "function_response", runMs: 3 }, undefined),
	]),
);
const cuts = fc.array(fc.nat(), { maxLength: 12 });

describe("records", () => {
	it("are the same however their stream is cut", () => {
		const whole = readAll(honest, []);
		expect(whole).toHaveLength(3);
		fc.assert(
			fc.property(cuts, (at) => {
				expect(readAll(honest, at)).toEqual(whole);
			}),
			{ numRuns: 1_000 },
		);
		const everywhere = Array.from(honest, (_, index) => index);
		expect(readAll(honest, everywhere)).toEqual(whole);
	});

	it("made by changing honest ones are read or refused", () => {
		const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
		fc.assert(
			fc.property(changes, cuts, (changed, at) => {
				const bytes = new Uint8Array(honest);
				for (const [index, byte] of changed) bytes[index % bytes.length] = byte;
				orRefuse(() => readAll(bytes, at));
			}),
			{ numRuns: 5_000 },
		);
	});

	it("of random bytes are refused, or wait for more", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (bytes, at) => {
				orRefuse(() => readAll(bytes, at));
			}),
			{ numRuns: 3_000 },
		);
	});

	it("that announce much and send little take little", () => {
		const head = packEnvelope({
			type: "function_response",
			runMs: 0,
			value: { format: "bytes", length: LARGE_BYTES },
		});
		const start = new Uint8Array(4 + head.length + 10);
		new DataView(start.buffer).setUint32(0, head.length);
		start.set(head, 4);
		const before = process.memoryUsage().arrayBuffers;
		const readers = Array.from({ length: 20 }, () => {
			const reader = new RecordReader(LARGE_BYTES, { record: () => undefined });
			reader.read(start);
			return reader;
		});
		// All of them would be 2 GB; 64 MiB each are reserved on their word, which no machine fills before bytes come.
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(
			20 * 65 * 1_048_576,
		);
		expect(readers.every(({ total }) => total > LARGE_BYTES)).toBe(true);
	});
});
