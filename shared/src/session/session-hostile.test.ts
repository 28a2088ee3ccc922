import { describe, expect, it } from "vitest";
import { memoryChannelPair } from "../channel/memory-channel.js";
import { packEnvelope } from "../codec/envelope.js";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { PROTOCOL } from "../protocol/constants.js";
import { ManualClock } from "../time/manual-clock.js";
import {
	encodeFrames,
	FLAG_FIN,
	FRAME,
	FRAME_HEADER_BYTES,
	type FrameType,
	forEachFrame,
	type IncomingFrame,
} from "./frame.js";
import { encodeRecord } from "./record.js";
import { Session } from "./session.js";

const REQUEST = {
	type: "function_call",
	id: "call_1",
	function: "echo",
	attempt: 1,
} as const;

/** A session that takes calls, and a stranger who writes its frames by hand. */
function stranger() {
	const clock = new ManualClock();
	const heard: string[] = [];
	const errors: EasyRemoteError[] = [];
	const session = new Session({
		id: "s",
		opener: false,
		strandedTimeoutMs: 30_000,
		limits: {
			maxValueBytes: 1_000_000,
			maxBufferedBytes: 1_500_000,
			maxIncomingCalls: 3,
		},
		clock,
		accept: (call) => ({
			message: (header) => heard.push(`${call.number} ${header.type}`),
			ended: () => heard.push(`${call.number} ended`),
			drained: () => undefined,
			failed: (error) => errors.push(error),
		}),
	});
	const [own, far] = memoryChannelPair({ clock, maxMessageBytes: 8_000_000 });
	session.addPath("relay", far);
	const frames: IncomingFrame[] = [];
	let closed = false;
	own.start({
		message: (bytes) => {
			forEachFrame(bytes, (frame) => frames.push(frame));
		},
		drained: () => undefined,
		closed: () => {
			closed = true;
		},
	});
	const send = (
		type: number,
		call: number,
		position: number,
		body: Uint8Array = new Uint8Array(0),
		flags = 0,
	) => {
		own.send(
			encodeFrames(
				[{ type: type as FrameType, flags, position, call, body }],
				FRAME_HEADER_BYTES + body.length,
			),
		);
		return clock.advance(1);
	};
	const codesOf = (call: number) =>
		frames
			.filter((frame) => frame.type === FRAME.cancel && frame.call === call)
			.map((frame) => new TextDecoder().decode(frame.body))
			.map((text) => /[A-Z]+_[A-Z_]+/.exec(text)?.[0]);
	return {
		clock,
		session,
		own,
		heard,
		errors,
		frames,
		send,
		codesOf,
		isClosed: () => closed,
	};
}

function request(): Uint8Array {
	const [bytes] = encodeRecord(REQUEST, undefined);
	return bytes ?? new Uint8Array(0);
}

function withLayout(layout: unknown): Uint8Array {
	const head = packEnvelope({ ...REQUEST, value: layout });
	const record = new Uint8Array(4 + head.length);
	new DataView(record.buffer).setUint32(0, head.length);
	record.set(head, 4);
	return record;
}

describe("a session facing a hostile end", () => {
	it.each([
		["a gap", 7, request(), 0],
		[
			"more than its credit",
			0,
			new Uint8Array(PROTOCOL.callWindowBytes + 1),
			0,
		],
		["a header of no bytes", 0, new Uint8Array(8), 0],
		["a header without end", 0, new Uint8Array([255, 255, 255, 255, 1]), 0],
		["garbage for a header", 0, new Uint8Array([0, 0, 0, 2, 0xc1, 0xc1]), 0],
		["an unknown message", 0, new Uint8Array([0, 0, 0, 1, 0x80]), 0],
		["a negative length", 0, withLayout({ format: "json", length: -1 }), 0],
		["an end within a message", 0, request().subarray(0, 9), FLAG_FIN],
	])(
		"cancels just the call that sends %s",
		async (_, position, body, flags) => {
			const { send, codesOf, heard, isClosed, session } = stranger();
			await send(FRAME.data, 1, 0, request());
			await send(FRAME.data, 3, 0, position === 0 ? body : request(), flags);
			if (position > 0)
				await send(FRAME.data, 3, position + 1_000, body, flags);
			expect(codesOf(3)).toEqual(["INVALID_ARGUMENT"]);
			await send(FRAME.data, 1, request().length, new Uint8Array(0), FLAG_FIN);
			expect(heard).toContain("1 ended");
			expect(isClosed()).toBe(false);
			session.close();
		},
	);

	it("refuses values over the limit before they arrive", async () => {
		const { send, codesOf } = stranger();
		await send(
			FRAME.data,
			1,
			0,
			withLayout({ format: "bytes", length: 10, attachments: [999_991] }),
		);
		expect(codesOf(1)).toEqual(["RESOURCE_EXHAUSTED"]);
	});

	it("refuses what would make it hold too much in all", async () => {
		const { send, codesOf } = stranger();
		const half = withLayout({ format: "bytes", length: 1_000_000 });
		const bytes = new Uint8Array(half.length + 900_000);
		bytes.set(half);
		await send(FRAME.data, 1, 0, bytes);
		await send(FRAME.data, 3, 0, bytes);
		expect(codesOf(1)).toEqual([]);
		expect(codesOf(3)).toEqual(["RESOURCE_EXHAUSTED"]);
	});

	it("refuses more calls at once than it allows, and takes new ones later", async () => {
		const { send, codesOf } = stranger();
		for (const call of [1, 3, 5, 7]) await send(FRAME.data, call, 0, request());
		expect(codesOf(7)).toEqual(["RESOURCE_EXHAUSTED"]);
		await send(FRAME.cancel, 1, 0);
		await send(FRAME.data, 9, 0, request());
		expect(codesOf(9)).toEqual([]);
	});

	it("starts a call once, however often and late its first frame comes", async () => {
		const { send, heard } = stranger();
		await send(FRAME.data, 1, 0, request());
		await send(FRAME.data, 1, 0, request());
		await send(FRAME.cancel, 1, 0);
		await send(FRAME.data, 1, 0, request());
		// Cancelled before it came.
		await send(FRAME.cancel, 3, 0);
		await send(FRAME.data, 3, 0, request());
		// Not the far end's to open.
		await send(FRAME.data, 2, 0, request());
		expect(heard).toEqual(["1 function_call"]);
	});

	it("answers an attach to a call it does not know by what it knows", async () => {
		const { send, frames, codesOf } = stranger();
		await send(FRAME.attach, 5, 0);
		expect(
			frames.some(
				(frame) =>
					frame.type === FRAME.attached &&
					frame.call === 5 &&
					frame.position === 0,
			),
		).toBe(true);
		await send(FRAME.data, 1, 0, request());
		await send(FRAME.cancel, 1, 0);
		await send(FRAME.attach, 1, 0);
		expect(codesOf(1).length).toBe(1);
	});

	it.each([
		["half a frame", Uint8Array.of(1, 0, 0)],
		["a frame longer than its message", frameOfLength(100)],
		["an ack of what was never sent", ackOf(1_000_000)],
		["a leap in call numbers", leap()],
	])("closes a path that carries %s", async (_, bytes) => {
		const { own, clock, isClosed } = stranger();
		own.send(bytes);
		await clock.advance(1);
		expect(isClosed()).toBe(true);
	});

	it("ignores frames of kinds it does not know", async () => {
		const { send, isClosed } = stranger();
		await send(200, 1, 0, Uint8Array.of(1, 2, 3));
		expect(isClosed()).toBe(false);
	});
});

function frameOfLength(length: number): Uint8Array {
	const bytes = new Uint8Array(FRAME_HEADER_BYTES);
	bytes[0] = FRAME.data;
	new DataView(bytes.buffer).setUint32(12, length);
	return bytes;
}

function ackOf(position: number): Uint8Array {
	return encodeFrames(
		[{ type: FRAME.ack, flags: 0, position, call: 0, body: undefined }],
		FRAME_HEADER_BYTES,
	);
}

function leap(): Uint8Array {
	return encodeFrames(
		[
			{
				type: FRAME.data,
				flags: 0,
				position: 0,
				call: 0xffff_ffff,
				body: undefined,
			},
		],
		FRAME_HEADER_BYTES,
	);
}
