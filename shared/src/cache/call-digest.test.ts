import { expect, it } from "vitest";
import { encodeValue } from "../codec/value-codec.js";
import { callDigest, type CallLikeness } from "./call-digest.js";

const anna = {
	id: "key:anna",
	subject: "anna",
	anonymous: false,
	grants: ["call:a.*", "call:b.*"],
};
const call: CallLikeness = {
	callee: ["add", "1", 7],
	caller: anna,
	args: encodeValue([1, 2]),
	named: false,
	accept: undefined,
};
const bulk = (byte: number) =>
	encodeValue([new Uint8Array(100_000).fill(byte)]);

it("is the same for calls that are alike", async () => {
	const again = {
		...call,
		args: encodeValue([1, 2]),
		caller: { ...anna, grants: anna.grants.toReversed() },
	};
	expect(await callDigest(again)).toBe(await callDigest(call));
	const large = { ...call, args: bulk(1) };
	expect(await callDigest({ ...call, args: bulk(1) })).toBe(
		await callDigest(large),
	);
});

it.each<[string, Partial<CallLikeness>]>([
	["another function", { callee: ["sub", "1", 7] }],
	["another version", { callee: ["add", "2", 7] }],
	["no version", { callee: ["add", undefined, 7] }],
	["another registration", { callee: ["add", "1", 8] }],
	["words that only read the same", { callee: ["add", "1,7"] }],
	["other arguments", { args: encodeValue([1, 3]) }],
	["no arguments", { args: undefined }],
	["arguments that differ in an attachment only", { args: bulk(1) }],
	[
		"the same bytes in another format",
		{ args: { ...encodeValue([1, 2]), format: "bytes" } },
	],
	["arguments by name", { named: true }],
	["another format of the answer", { accept: "json" }],
	["another principal", { caller: { ...anna, id: "key:bert" } }],
	[
		"the same one with other grants",
		{ caller: { ...anna, grants: ["call:*"] } },
	],
])("differs for %s", async (_what, change) => {
	const digests = [
		await callDigest(call),
		await callDigest({ ...call, args: bulk(2) }),
		await callDigest({ ...call, ...change }),
	];
	expect(new Set(digests).size).toBe(3);
});
