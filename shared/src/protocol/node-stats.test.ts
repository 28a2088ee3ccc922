import { describe, expect, it } from "vitest";
import { packEnvelope } from "../codec/envelope.js";
import { PROTOCOL } from "./constants.js";
import { ControlEncoder } from "./control-codec.js";
import { decodeControl } from "./decode-control.js";

const row = {
	function: "add",
	path: "relay",
	outcomes: { OK: 1 },
	latency: [56, 1],
	sumMs: 1.1,
	bytesIn: 10,
	bytesOut: 20,
	cacheHits: 1,
	cacheMisses: 0,
};

function heartbeat(stats: unknown): Uint8Array {
	return packEnvelope({
		type: "heartbeat",
		messageId: 1,
		timestamp: 0,
		payload: { stats },
	});
}

describe("statistics in a heartbeat", () => {
	it("are taken as they were sent", () => {
		const stats = { since: 5, rows: [row] };
		const message = decodeControl(heartbeat(stats));
		expect(message.payload).toEqual({ stats });
	});

	it("are left out where there are none", () => {
		const { body } = new ControlEncoder(() => 0).encode("heartbeat", {
			stats: undefined,
		});
		expect(decodeControl(body).payload).toEqual({});
	});

	it.each([
		["a name that is none", { ...row, function: "../etc" }],
		["a path there is not", { ...row, path: "rest" }],
		["an outcome there is not", { ...row, outcomes: { FINE: 1 } }],
		["a negative count", { ...row, outcomes: { OK: -1 } }],
		["a count that is no whole number", { ...row, outcomes: { OK: 0.5 } }],
		["a count beyond all bounds", { ...row, outcomes: { OK: 2 ** 53 } }],
		["a sum that is no number", { ...row, sumMs: Number.NaN }],
		["an endless sum", { ...row, sumMs: Number.POSITIVE_INFINITY }],
		["half a pair", { ...row, latency: [1, 1, 2] }],
		["a bucket there is not", { ...row, latency: [232, 1] }],
		["too many buckets", { ...row, latency: Array(466).fill(1) }],
		["negative bytes", { ...row, bytesIn: -1 }],
	])("with %s are refused", (_what, bad) => {
		expect(() => decodeControl(heartbeat({ since: 5, rows: [bad] }))).toThrow(
			expect.objectContaining({ code: "INVALID_ARGUMENT" }),
		);
	});

	it("lose keys that objects have anyway", () => {
		const odd = { ...row, outcomes: { OK: 1, constructor: 1, prototype: 1 } };
		const message = decodeControl(heartbeat({ since: 5, rows: [odd] }));
		expect(message.payload).toEqual({ stats: { since: 5, rows: [row] } });
	});

	it("with more rows than allowed are refused", () => {
		const rows = Array(PROTOCOL.statsRows + 1).fill(row);
		expect(() => decodeControl(heartbeat({ since: 5, rows }))).toThrow(
			expect.objectContaining({ code: "INVALID_ARGUMENT" }),
		);
	});

	it("fit into a control message, however many buckets are in use", () => {
		const latency = Array.from({ length: 464 }, (_, index) =>
			index % 2 === 0 ? index / 2 : 4_000_000_000,
		);
		const full = { ...row, function: "f".repeat(64), latency };
		const rows = Array(PROTOCOL.statsRows).fill(full);
		const { length } = heartbeat({ since: 5, rows });
		expect(length).toBeLessThan(PROTOCOL.controlMessageBytes / 2);
	});
});
