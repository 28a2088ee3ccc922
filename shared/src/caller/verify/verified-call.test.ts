import { afterEach, describe, expect, it } from "vitest";
import { RemoteFunctionError } from "../../errors/remote-function-error.js";
import type { Script } from "../../testing/scripted-call.js";
import { ScriptedNetwork } from "../../testing/scripted-network.js";
import type { ScriptedNode } from "../../testing/scripted-node.js";
import {
	donor,
	F,
	NAME,
	ran,
	says,
	throws,
} from "../../testing/scripted-donor.js";

const networks: ScriptedNetwork[] = [];

function network(nodes: readonly ScriptedNode[]): ScriptedNetwork {
	const made = new ScriptedNetwork(nodes);
	networks.push(made);
	return made;
}

afterEach(() => {
	for (const made of networks.splice(0)) expect(made.close()).toBe(0);
});

describe("a result of a donor without a record", () => {
	it("is given when another donor comes to the same", async () => {
		const nodes = [
			donor("a", says([1, { x: 2 }])),
			donor("b", says([1, { x: 2 }])),
		];
		const net = network(nodes);
		const { value, meta } = await net.caller.call(F, [1]).withMeta();
		expect(value).toEqual([1, { x: 2 }]);
		expect(meta.verified).toEqual({ answers: 2, agreed: 2 });
		expect(meta).toMatchObject({
			nodeId: "a",
			attempts: 1,
			transport: "relay",
		});
		expect(ran(...nodes)).toEqual([1, 1]);
		expect(net.verdicts).toEqual([
			{ nodeId: "a", function: NAME, valid: true },
			{ nodeId: "b", function: NAME, valid: true },
		]);
	});

	it.each([0, 1, 2])(
		"is what most come to, whoever lies (%i)",
		async (liar) => {
			const nodes = [0, 1, 2].map((at) =>
				donor(`d${at}`, says(at === liar ? "wrong" : "right")),
			);
			const net = network(nodes);
			const { value, meta } = await net.caller.call(F, []).withMeta();
			expect(value).toBe("right");
			expect(meta.nodeId).not.toBe(`d${liar}`);
			const bad = net.verdicts.filter(({ valid }) => !valid);
			// The third is asked only if the first two differ.
			if (liar < 2) {
				expect(meta.verified).toEqual({ answers: 3, agreed: 2 });
				expect(bad.map(({ nodeId }) => nodeId)).toEqual([`d${liar}`]);
			} else expect(ran(...nodes)).toEqual([1, 1, 0]);
		},
	);

	it("is given unverified if there is no other donor, and meta says so", async () => {
		const sameKey = donor("a2", says(1), { key: "a" });
		const net = network([donor("a", says(1)), sameKey]);
		const { value, meta } = await net.caller.call(F, []).withMeta();
		expect(value).toBe(1);
		expect(meta.verified).toEqual({ answers: 1, agreed: 1 });
		expect(sameKey.calls).toHaveLength(0);
		expect(net.verdicts).toEqual([]);
	});

	it("is not given if two differ and nobody is left to ask", async () => {
		const net = network([donor("a", says(1)), donor("b", says(2))]);
		await expect(net.caller.call(F, [])).rejects.toMatchObject({
			code: "ABORTED",
			details: { reason: "no_majority", answers: 2, agreed: 1, needed: 2 },
		});
		expect(net.verdicts).toEqual([]);
	});

	it("is not given if three differ", async () => {
		const nodes = [1, 2, 3, 4].map((at) => donor(`d${at}`, says(at)));
		const net = network(nodes);
		await expect(net.caller.call(F, [])).rejects.toMatchObject({
			code: "ABORTED",
			details: { answers: 3, agreed: 1 },
		});
		expect(ran(...nodes)).toEqual([1, 1, 1, 0]);
	});

	it("may be an error of the function, by its name and message", async () => {
		const wrong = new RemoteFunctionError("RangeError", "too large");
		const nodes = [donor("a", throws(wrong)), donor("b", throws(wrong))];
		const net = network(nodes);
		const call = net.caller.call(F, []);
		await expect(call).rejects.toMatchObject({
			remoteName: "RangeError",
			message: "too large",
			callId: call.id,
		});
		expect((await call.meta()).verified).toEqual({ answers: 2, agreed: 2 });
		expect(ran(...nodes)).toEqual([1, 1]);
	});

	it("wins over a donor that says that the function threw", async () => {
		const claim = new RemoteFunctionError("Error", "no");
		const net = network([
			donor("a", throws(claim)),
			donor("b", says(1)),
			donor("c", says(1)),
		]);
		expect(await net.caller.call(F, [])).toBe(1);
		expect(net.verdicts).toContainEqual({
			nodeId: "a",
			function: NAME,
			valid: false,
		});
	});

	it("is compared encoded where the caller takes it encoded", async () => {
		const nodes = [
			donor("a", says(0)),
			donor("b", says(1)),
			donor("c", says(1)),
		];
		const net = network(nodes);
		const made = net.caller.start({
			target: F,
			input: { args: [] },
			raw: true,
		});
		expect(await made).toMatchObject({ format: "msgpack" });
		expect(net.verdicts.filter(({ valid }) => !valid)).toHaveLength(1);
	});
});

describe("which donors are asked", () => {
	it("those of the same engine where results differ between engines", async () => {
		const engine = { deterministic: "engine" } as const;
		const nodes = [
			donor("a", says(1.5), { ...engine, engine: "chromium-156-x86_64" }),
			donor("b", says(1.6), { ...engine, engine: "firefox-140-x86_64" }),
			donor("c", says(1.5), { ...engine, engine: "chromium-156-x86_64" }),
		];
		const net = network(nodes);
		for (let round = 0; round < 3; round += 1)
			expect([1.5, 1.6]).toContain(await net.caller.call(F, []));
		expect(net.verdicts.every(({ valid }) => valid)).toBe(true);
		expect(net.verdicts.map(({ nodeId }) => nodeId)).not.toContain("b");
	});

	it("any where numbers may differ a little", async () => {
		const near = { deterministic: "tolerance", tolerance: 1e-6 } as const;
		const net = network([
			donor("a", says([1, 2]), near),
			donor("b", says([1 + 1e-8, 2]), near),
		]);
		const { meta } = await net.caller.call(F, []).withMeta();
		expect(meta.verified).toEqual({ answers: 2, agreed: 2 });
	});

	it("nobody else for a donor that is trusted, or that has a record and luck", async () => {
		for (const record of [{ trusted: true }, { validInRow: 100 }]) {
			const nodes = [donor("a", says(1), record), donor("b", says(1), record)];
			const { meta } = await network(nodes).caller.call(F, []).withMeta();
			expect(meta.verified).toBeUndefined();
			expect(ran(...nodes)).toEqual([1, 0]);
		}
	});

	it("nobody else for a function that gives a stream after all", async () => {
		const streams: Script = (call) => call.accept(true).item(1).answer();
		const nodes = [
			donor("a", streams),
			donor("b", (call) => void call.accept()),
		];
		const net = network(nodes);
		const items: unknown[] = [];
		for await (const item of net.caller.call(F, [])) items.push(item);
		expect(items).toEqual([1]);
		await net.clock.advance(1);
		expect(nodes[1]?.calls[0]?.cancelledWith?.code).toBe("CANCELLED");
	});
});

describe("a call that several donors run", () => {
	const silent: Script = (call) => void call.accept();

	it("is cancelled everywhere", async () => {
		const nodes = [donor("a", silent), donor("b", silent)];
		const net = network(nodes);
		const call = net.caller.call(F, []);
		const failure = expect(call).rejects.toMatchObject({ code: "CANCELLED" });
		await net.clock.advance(1);
		call.cancel("enough");
		await failure;
		await net.clock.advance(1);
		for (const { calls } of nodes)
			expect(calls.map(({ cancelledWith }) => cancelledWith?.code)).toEqual([
				"CANCELLED",
			]);
	});

	it("is over at its deadline everywhere, even with an answer in hand", async () => {
		const nodes = [donor("a", says(1)), donor("b", silent)];
		const net = network(nodes);
		const call = net.caller.call(F, [], { timeout: 1_000 });
		const failure = expect(call).rejects.toMatchObject({
			code: "DEADLINE_EXCEEDED",
			details: { phase: "running" },
		});
		await net.clock.advance(1_001);
		await failure;
		expect(nodes[1]?.calls[0]?.header.deadlineMs).toBe(1_000);
		expect(nodes[1]?.calls[0]?.cancelledWith).toBeDefined();
	});

	it("tells the progress of the first only, and carries its key everywhere", async () => {
		const fractions: unknown[] = [];
		const report =
			(fraction: number): Script =>
			(call) => {
				call.accept().end.send({ type: "progress", fraction });
				call.answer(1);
			};
		const nodes = [donor("a", report(0.25)), donor("b", report(0.75))];
		const net = network(nodes);
		const onProgress = (progress: {
			readonly type: string;
			readonly fraction?: number | undefined;
		}) => fractions.push(progress.fraction);
		await net.caller.call(F, [], { onProgress, idempotencyKey: "k" });
		expect(fractions).toEqual([0.25]);
		expect(nodes.map(({ calls }) => calls[0]?.header.idempotencyKey)).toEqual([
			"k",
			"k",
		]);
		expect(nodes.map(({ calls }) => calls[0]?.header.function)).toEqual([
			NAME,
			NAME,
		]);
		const [first, second] = nodes.map(({ calls }) => calls[0]?.header.id);
		expect(first).not.toBe(second);
	});

	it("goes on elsewhere when a donor leaves in the middle of it", async () => {
		const leaving = donor("a", silent);
		const nodes = [leaving, donor("b", says(1)), donor("c", says(1))];
		const net = network(nodes);
		const call = net.caller.call(F, []);
		await net.clock.advance(1);
		net.leave(leaving);
		await net.clock.advance(31_000);
		const { value, meta } = await call.withMeta();
		expect(value).toBe(1);
		expect(meta).toMatchObject({
			attempts: 2,
			verified: { answers: 2, agreed: 2 },
		});
		expect(ran(...nodes)).toEqual([1, 1, 1]);
	});

	it("is verified by another when the one that checks it leaves", async () => {
		const leaving = donor("b", silent);
		const net = network([donor("a", says(1)), leaving, donor("c", says(1))]);
		const call = net.caller.call(F, []);
		await net.clock.advance(1);
		net.leave(leaving);
		await net.clock.advance(31_000);
		expect((await call.withMeta()).meta.verified).toEqual({
			answers: 2,
			agreed: 2,
		});
	});

	it("counts one donor once, even if the call ends up where it is checked", async () => {
		const leaving = donor("a", silent);
		const net = network([leaving, donor("b", says(1))]);
		const call = net.caller.call(F, []);
		await net.clock.advance(1);
		net.leave(leaving);
		await net.clock.advance(31_000);
		const { value, meta } = await call.withMeta();
		expect(value).toBe(1);
		expect(meta.verified).toEqual({ answers: 1, agreed: 1 });
		expect(net.verdicts).toEqual([]);
	});

	it("may be one item of many", async () => {
		const double: Script = (call) =>
			call.accept().answer(Number(call.args[0]) * 2);
		const lie: Script = (call) => call.accept().answer(-1);
		const nodes = [
			donor("a", double),
			donor("b", lie),
			donor("c", double),
			donor("d", double),
		];
		const net = network(nodes);
		const map = net.caller.map({
			target: F,
			inputs: Array.from({ length: 50 }, (_, at) => at),
		});
		const results: unknown[] = [];
		for await (const result of map) results.push(result);
		expect(results).toEqual(Array.from({ length: 50 }, (_, at) => at * 2));
		const accused = net.verdicts.filter(({ valid }) => !valid);
		expect(new Set(accused.map(({ nodeId }) => nodeId))).toEqual(
			new Set(["b"]),
		);
	});
});
