import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packEnvelope, unpackEnvelope } from "../codec/envelope.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { type CallMessage, parseCallMessage } from "./call-messages.js";
import { readCallMessage, shortHeader } from "./short-header.js";

const value = { format: "msgpack", length: 3 } as const;
const call = {
	type: "function_call",
	id: "abc-1",
	function: "add",
	deadlineMs: 1000,
	attempt: 1,
	value,
} as const;
const headers: readonly CallMessage[] = [
	call,
	// What the gateway sends for a call that came over HTTP.
	{
		...call,
		named: true,
		accept: "json",
		traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	},
	{ type: "stream_data", value },
	{ type: "stream_data" },
	{ type: "function_response", runMs: 0.5, queuedMs: 0, value },
	{ type: "function_response", runMs: 0.5 },
];

/** As it arrives: MessagePack has nil for undefined. */
function onTheWire(list: readonly unknown[] | undefined): unknown[] {
	return (list ?? []).map((item) => item ?? null);
}

function shortened(header: CallMessage): readonly unknown[] | undefined {
	return shortHeader(header, "value" in header ? header.value : undefined);
}

/** Not everything has a form in MessagePack. */
function canTravel(anything: unknown): boolean {
	try {
		packEnvelope(anything);
		return true;
	} catch {
		return false;
	}
}

/** What comes of a header, or why it is refused. */
function resultOf(read: () => unknown): unknown {
	try {
		return read();
	} catch (error) {
		if (error instanceof EasyRemoteError) return error.message;
		throw error;
	}
}

function read(header: unknown): unknown {
	return resultOf(() => readCallMessage(packEnvelope(header)));
}

describe("short headers", () => {
	it.each(headers)("stand for the same: $type", (header) => {
		const list = onTheWire(shortened(header));
		expect(list.length).toBeGreaterThan(0);
		expect(read(list)).toEqual(header);
		// Whatever a later version may add.
		expect(read([...list, "more", ["and", "more"]])).toEqual(header);
	});

	it.each([
		{ ...call, idempotencyKey: "" },
		{ ...call, inputs: [] },
		{ ...call, cache: false },
		{ ...call, value: { ...value, attachments: [7] } },
		{ type: "function_response", runMs: 1, cached: false },
		{ type: "function_response", runMs: 1, freshMs: 0 },
		{ type: "accepted", queuedMs: 1.5, stream: true },
		{ type: "progress", fraction: 0.5 },
		{ type: "input_end", index: 0 },
	] satisfies readonly CallMessage[])(
		"are none where something would be lost: %j",
		(header) => {
			expect(shortened(header)).toBeUndefined();
		},
	);

	it("are read as the schema reads the long ones, whatever is in them", () => {
		const item = fc.oneof(
			fc.anything(),
			fc.constantFrom(null, "json", "bytes", "pickle", "$probe", -1, 0.5),
		);
		const tampered = fc
			.tuple(
				fc.constantFrom(...headers),
				fc.array(fc.tuple(fc.nat(9), item), { maxLength: 2 }),
				fc.nat(10),
			)
			.map(([header, changes, length]) => {
				const list = onTheWire(shortened(header));
				for (const [at, anything] of changes)
					if (at > 0 && at < list.length) list[at] = anything;
				return { type: header.type, list: list.slice(0, length + 1) };
			});
		fc.assert(
			fc.property(tampered, ({ type, list }) => {
				fc.pre(canTravel(list));
				const items = unpackEnvelope(packEnvelope(list)) as unknown[];
				const long = () => parseCallMessage(named(type, items));
				expect(read(list)).toEqual(resultOf(long));
			}),
			{ numRuns: 3_000 },
		);
	});

	it.each([[[]], [[3]], [["function_call"]], [[null, 1]]])(
		"of no type are refused: %j",
		(list) => {
			expect(read(list)).toContain("of unknown type");
		},
	);
});

const NAMES: Readonly<Record<string, readonly string[]>> = {
	function_call: [
		...["id", "function", "attempt", "deadlineMs", "named", "accept"],
		"traceparent",
	],
	stream_data: [],
	function_response: ["runMs", "queuedMs"],
};
/** The long form of a short header, as PROTOCOL.md has it. */
function named(type: string, [, ...items]: readonly unknown[]): unknown {
	const names = NAMES[type] ?? [];
	const fields = names.map((name, at) => {
		const item = items[at] ?? undefined;
		const isTime = name === "queuedMs" || name === "runMs";
		return [name, isTime && typeof item === "number" ? item / 1000 : item];
	});
	const [format, length] = items.slice(names.length);
	const given = format !== null && format !== undefined;
	return {
		type,
		...Object.fromEntries(fields),
		...(given ? { value: { format, length } } : {}),
	};
}
