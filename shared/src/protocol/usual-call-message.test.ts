import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCallMessage } from "./call-messages.js";
import { isUsualCallMessage } from "./usual-call-message.js";

const usualCall = {
	type: "function_call",
	id: "abc-1",
	function: "add",
	deadlineMs: 1000,
	attempt: 1,
	value: { format: "msgpack", length: 3 },
};
/** What the gateway sends for a call that came over HTTP. */
const restCall = {
	...usualCall,
	named: true,
	accept: "json",
	traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
};
const usualAnswer = {
	type: "function_response",
	runMs: 0.5,
	queuedMs: 0,
	value: { format: "json", length: 0 },
};

/** A usual header with some fields replaced by anything, removed or added. */
const tampered = fc
	.tuple(
		fc.constantFrom(usualCall, restCall, usualAnswer),
		fc.dictionary(
			fc.constantFrom(...Object.keys({ ...restCall, ...usualAnswer }), "more"),
			fc.oneof(
				fc.anything(),
				fc.record({
					format: fc.constantFrom("msgpack", "pickle", "bytes"),
					length: fc.oneof(fc.integer(), fc.double()),
				}),
			),
			{ maxKeys: 2 },
		),
		fc.constantFrom(undefined, "id", "attempt", "runMs", "value"),
	)
	.map(([base, changes, removed]) => {
		const fields = Object.entries({ ...base, ...changes });
		return Object.fromEntries(fields.filter(([key]) => key !== removed));
	});

describe("isUsualCallMessage", () => {
	it("knows the messages of a small call", () => {
		expect(isUsualCallMessage(usualCall)).toBe(true);
		expect(isUsualCallMessage(restCall)).toBe(true);
		expect(isUsualCallMessage(usualAnswer)).toBe(true);
	});

	it("never takes what the schema refuses or changes", () => {
		fc.assert(
			fc.property(tampered, (header) => {
				if (!isUsualCallMessage(header)) return;
				// A field that the quick look ignores sends the header through the schema.
				const { more: _ignored, ...fields } = parseCallMessage({
					...header,
					more: 1,
				}) as Record<string, unknown>;
				expect(fields).toEqual(header);
			}),
			{ numRuns: 1_000 },
		);
	});
});
