import { describe, expect, it } from "vitest";
import { decodeValue, encodeValue } from "../codec/value-codec.js";
import { ScriptedNetwork } from "../testing/scripted-network.js";
import { ScriptedNode } from "../testing/scripted-node.js";
import type {
	AnswerSource,
	KeepableCall,
	KnownAnswer,
} from "./answer-source.js";
import { Caller } from "./caller.js";
import type { CallRequest } from "./call-request.js";

const FRESH_MS = 500;

function fixture(known: KnownAnswer | undefined) {
	const node = new ScriptedNode("n1").on("add", (call) => call.answer(3, 0));
	const network = new ScriptedNetwork([node]);
	const asked: KeepableCall[] = [];
	const kept: KnownAnswer[] = [];
	const answers: AnswerSource = {
		find: (call) => {
			asked.push(call);
			return Promise.resolve({ known, keep: (answer) => kept.push(answer) });
		},
	};
	const caller = new Caller({
		routes: network,
		sessions: network.pool,
		clock: network.clock,
		random: () => 0.5,
		answers,
	});
	const call = (request: Partial<CallRequest> = {}) =>
		caller.start({
			target: { function: "add" },
			input: { args: [1, 2] },
			raw: true,
			...request,
		});
	return { node, network, asked, kept, call };
}

const known = { value: encodeValue(7), freshMs: FRESH_MS, runMs: 4 };

describe("answers kept on the caller's side", () => {
	it("are given without sending anything, and the figures say so", async () => {
		const { node, network, asked, call } = fixture(known);
		const { value, meta } = await call().withMeta();
		expect(value).toBe(known.value);
		expect(meta).toMatchObject({
			nodeId: "n1",
			transport: undefined,
			attempts: 0,
			runMs: 4,
			cached: true,
			freshMs: FRESH_MS,
		});
		expect(node.calls).toEqual([]);
		expect(asked).toMatchObject([
			{ nodeId: "n1", descriptor: { name: "add" }, named: false },
		]);
		network.close();
	});

	it("are passed by by a call that wants none", async () => {
		const { node, network, call } = fixture(known);
		const value = await call({ options: { cache: false } });
		expect(decodeValue(value as typeof known.value)).toBe(3);
		expect(node.calls[0]?.header.cache).toBe(false);
		network.close();
	});

	it("are not asked for by calls whose values are decoded, or whose arguments stream", async () => {
		const { network, asked, call } = fixture(known);
		expect(await call({ raw: false })).toBe(3);
		const source = (async function* () {
			yield 1;
		})();
		await call({ input: { args: [source, 2] } });
		expect(asked).toEqual([]);
		network.close();
	});

	it("do not answer a call that was cancelled meanwhile", async () => {
		const { node, network, call } = fixture(known);
		const made = call();
		made.cancel();
		await expect(made).rejects.toMatchObject({ code: "CANCELLED" });
		expect(node.calls).toEqual([]);
		network.close();
	});

	it("are handed over when the node says how fresh its answer is, else not", async () => {
		const { node, network, kept, call } = fixture(undefined);
		await call();
		expect(kept).toEqual([]);
		node.on("add", ({ end }) => {
			const header = { runMs: 2, freshMs: FRESH_MS } as const;
			end.send({ type: "function_response", ...header }, encodeValue(3));
			end.end();
		});
		await call();
		expect(kept).toMatchObject([{ freshMs: FRESH_MS, runMs: 2 }]);
		expect(kept[0]?.value && decodeValue(kept[0].value)).toBe(3);
		network.close();
	});
});
