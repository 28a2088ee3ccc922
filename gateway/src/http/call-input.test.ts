import { packEnvelope } from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { describe, expect, it } from "vitest";
import { type CallBody, readCallInput } from "./call-input.js";

const NOTHING = new Uint8Array();

function read(request: Partial<CallBody>) {
	const nothing = {
		contentType: undefined,
		contentEncoding: undefined,
		body: NOTHING,
		args: undefined,
	};
	return readCallInput({ ...nothing, ...request }, 20);
}

function statusOf(request: Partial<CallBody>): number {
	try {
		read(request);
	} catch (error) {
		if (error instanceof EasyRemoteError) return error.httpStatus;
		throw error;
	}
	return 200;
}

const text = (body: string) => new TextEncoder().encode(body);

describe("an empty body", () => {
	it.each([
		undefined,
		"",
		"application/json",
		"application/msgpack",
		"application/x-www-form-urlencoded",
	])("is no arguments: %s", (contentType) => {
		expect(read({ contentType })).toEqual({ args: [] });
	});

	it("of bytes is no bytes", () => {
		expect(read({ contentType: "application/octet-stream" })).toEqual({
			args: [NOTHING],
		});
	});
});

describe("JSON", () => {
	it.each([
		"application/json",
		"Application/JSON; charset=utf-8",
		'application/json;charset="UTF-8"',
		"application/json; profile=x",
	])("goes on as it came: %s", (contentType) => {
		const body = text("{ broken");
		expect(read({ contentType, body })).toEqual({
			encoded: { format: "json", body, attachments: [] },
			named: true,
		});
	});

	it("is UTF-8", () => {
		expect(
			statusOf({
				contentType: "application/json; charset=latin1",
				body: text("{}"),
			}),
		).toBe(415);
	});
});

describe("MessagePack", () => {
	const send = (value: unknown) => ({
		contentType: "application/msgpack",
		body: packEnvelope(value),
	});

	it("names its arguments as JSON does", () => {
		expect(
			read(send({ args: [1, new Uint8Array([2])], kwargs: { width: 3 } })),
		).toEqual({ args: [1, new Uint8Array([2]), { width: 3 }] });
		expect(read(send({}))).toEqual({ args: [] });
	});

	it.each([
		[[1, 2]],
		[{ args: 1 }],
		[{ args: [], kwargs: null }],
		[{ arguments: [1] }],
		["args"],
	])("is refused in another shape: %j", (value) => {
		expect(statusOf(send(value))).toBe(400);
	});
});

describe("what is compressed", () => {
	it.each(["application/json", "application/octet-stream"])(
		"is refused: %s",
		(contentType) => {
			const body = text("{}");
			expect(statusOf({ contentType, body, contentEncoding: "gzip" })).toBe(
				415,
			);
			expect(statusOf({ contentType, body, contentEncoding: "identity" })).toBe(
				200,
			);
		},
	);
});
