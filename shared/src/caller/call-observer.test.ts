import { expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { ScriptedNetwork } from "../testing/scripted-network.js";
import { ScriptedNode } from "../testing/scripted-node.js";
import { Caller } from "./caller.js";
import type { BegunCall, CallObserver, CallWatch } from "./call-observer.js";

const THEIRS = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

function observedNetwork(
	node: ScriptedNode,
	traceparent?: string,
	watch?: () => CallWatch,
) {
	const begun: BegunCall[] = [];
	const settled: unknown[] = [];
	const observer: CallObserver = {
		began(call) {
			begun.push(call);
			if (watch) return watch();
			return {
				traceparent,
				settled: ({ id, nodeId }, error) => {
					settled.push([id, nodeId, error?.code]);
				},
			};
		},
	};
	const network = new ScriptedNetwork([node]);
	const caller = new Caller({
		routes: network,
		sessions: network.pool,
		clock: network.clock,
		random: () => 0.5,
		observer,
	});
	return { network, caller, begun, settled };
}

it("hears of a call when it begins and when it is over", async () => {
	const node = new ScriptedNode("n1").on("add", (call) => call.answer(3, 0));
	const { caller, begun, settled, network } = observedNetwork(node);
	const options = { traceparent: THEIRS };
	const made = caller.call({ function: "add" }, [1, 2], options);
	expect(begun).toEqual([
		{ id: made.id, target: { function: "add" }, traceparent: THEIRS },
	]);
	expect(settled).toEqual([]);
	await made;
	expect(settled).toEqual([[made.id, "n1", undefined]]);
	expect(node.calls[0]?.header.traceparent).toBe(THEIRS);
	network.close();
});

it("may replace the trace context that the node gets", async () => {
	const node = new ScriptedNode("n1").on("add", (call) => call.answer(3, 0));
	const { caller, network } = observedNetwork(node, "ours");
	await caller.call({ function: "add" }, [], { traceparent: THEIRS });
	expect(node.calls[0]?.header.traceparent).toBe("ours");
	network.close();
});

it("may hold a call up, and refuse it before it goes anywhere", async () => {
	const node = new ScriptedNode("n1").on("add", (call) => call.answer(3, 0));
	const verdicts = [
		Promise.resolve(),
		Promise.reject(new EasyRemoteError("PERMISSION_DENIED", "no")),
		new Promise<void>(() => undefined),
	];
	const ends: unknown[] = [];
	const { caller, network } = observedNetwork(node, undefined, () => ({
		allow: () => verdicts.shift(),
		settled: (_meta, error) => void ends.push(error?.code),
	}));
	const call = () => caller.call({ function: "add" }, [1, 2]);
	expect(await call()).toBe(3);
	const refused = call();
	await expect(refused).rejects.toMatchObject({
		code: "PERMISSION_DENIED",
		callId: refused.id,
	});
	const held = call();
	held.cancel();
	await expect(held).rejects.toMatchObject({ code: "CANCELLED" });
	expect(node.calls).toHaveLength(1);
	expect(ends).toEqual([undefined, "PERMISSION_DENIED", "CANCELLED"]);
	network.close();
});

it("hears of failures, those of the options too, and once each", async () => {
	const node = new ScriptedNode("n1");
	const { caller, settled, network } = observedNetwork(node);
	network.routeError = new EasyRemoteError("NOT_FOUND", "no such function");
	const target = { function: "nope" };
	await expect(caller.call(target, [], { retries: 0 })).rejects.toThrow();
	await expect(caller.call(target, [], { timeout: -1 })).rejects.toThrow();
	const cancelled = caller.call(target, []);
	cancelled.cancel();
	cancelled.cancel();
	await expect(cancelled).rejects.toThrow();
	expect(settled).toMatchObject([
		[expect.any(String), undefined, "NOT_FOUND"],
		[expect.any(String), undefined, "INVALID_ARGUMENT"],
		[expect.any(String), undefined, "CANCELLED"],
	]);
	network.close();
});
