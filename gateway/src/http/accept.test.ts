import { describe, expect, it } from "vitest";
import { readAccept } from "./accept.js";

const USUAL = { bytes: false, values: "json", stream: "events" };

describe("readAccept", () => {
	it.each([
		undefined,
		"",
		"*/*",
		"application/json",
		"application/*",
		"text/html, */*;q=0.1",
		"TEXT/EVENT-STREAM",
		"application/json, application/msgpack;q=0.5",
		"application/json, application/msgpack;q=0, application/octet-stream;q=0",
		"text/event-stream, application/x-ndjson;q=0.9",
	])("has JSON and events for %j", (accept) => {
		expect(readAccept(accept)).toEqual(USUAL);
	});

	it.each([
		["application/octet-stream", { bytes: true }],
		["application/json, application/octet-stream", { bytes: true }],
		["application/msgpack", { values: "msgpack" }],
		["*/*, application/msgpack", { values: "msgpack" }],
		["application/msgpack, application/json", { values: "msgpack" }],
		["application/json;q=0.5,application/msgpack;q=0.8", { values: "msgpack" }],
		[
			"application/octet-stream, application/msgpack",
			{ bytes: true, values: "msgpack" },
		],
		["application/x-ndjson", { stream: "lines" }],
		["Application/X-NDJSON; charset=utf-8, */*", { stream: "lines" }],
	])("reads %j", (accept, difference) => {
		expect(readAccept(accept)).toEqual({ ...USUAL, ...difference });
	});

	it.each(["text/html", "application/xml, image/*", "application/json;q=0"])(
		"refuses %j",
		(accept) => {
			expect(() => readAccept(accept)).toThrow(
				expect.objectContaining({ httpStatus: 406 }) as Error,
			);
		},
	);
});
