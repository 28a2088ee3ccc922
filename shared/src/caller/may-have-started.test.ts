import { afterEach, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { ScriptedNetwork } from "../testing/scripted-network.js";
import { ScriptedNode } from "../testing/scripted-node.js";
import type { Script } from "../testing/scripted-call.js";

let network: ScriptedNetwork;
afterEach(() => network.close());

const options = { retries: 0 };

function callOf(script: Script) {
	const node = new ScriptedNode("n1").on("f", script);
	network = new ScriptedNetwork([node]);
	const call = network.caller.call({ function: "f" }, [], options);
	return { node, call };
}

it("is ruled out where no node was found", async () => {
	network = new ScriptedNetwork([]);
	network.routeError = new EasyRemoteError("NOT_FOUND", "no such function");
	const call = network.caller.call({ function: "f" }, [], options);
	await expect(call).rejects.toMatchObject({ code: "NOT_FOUND" });
	expect(call.mayHaveStarted).toBe(false);
});

it("is ruled out where the node refused the call", async () => {
	const { call } = callOf((sent) =>
		sent.refuse(new EasyRemoteError("UNAVAILABLE", "busy")),
	);
	await expect(call).rejects.toMatchObject({ code: "UNAVAILABLE" });
	expect(call.mayHaveStarted).toBe(false);
});

it("is so of a call that was answered, or failed after it was accepted", async () => {
	const { call } = callOf((sent) => sent.accept().answer(1));
	await call;
	expect(call.mayHaveStarted).toBe(true);
	network.close();
	const failing = callOf((sent) =>
		sent.accept().refuse(new EasyRemoteError("UNAVAILABLE", "its own word")),
	).call;
	await expect(failing).rejects.toThrow();
	expect(failing.mayHaveStarted).toBe(true);
});

it("is so of a call that was given up after it had left, whoever gave it up", async () => {
	const cancelled = callOf(() => undefined).call;
	await network.clock.advance(10);
	cancelled.cancel();
	await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
	expect(cancelled.mayHaveStarted).toBe(true);
	network.close();
	const closed = callOf(() => undefined).call;
	await network.clock.advance(10);
	network.pool.close(new EasyRemoteError("UNAVAILABLE", "shutting down"));
	await expect(closed).rejects.toThrow();
	expect(closed.mayHaveStarted).toBe(true);
});
