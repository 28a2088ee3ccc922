import { afterEach, describe, expect, it } from "vitest";
import { memoryChannelPair } from "../channel/memory-channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { noAttempt } from "../peer/path-report.js";
import { PROTOCOL } from "../protocol/constants.js";
import { ScriptedNetwork } from "../testing/scripted-network.js";
import { ScriptedNode } from "../testing/scripted-node.js";

const networks: ScriptedNetwork[] = [];

function network(nodes: readonly ScriptedNode[]): ScriptedNetwork {
	const made = new ScriptedNetwork(nodes);
	networks.push(made);
	return made;
}

afterEach(() => {
	for (const made of networks.splice(0)) expect(made.close()).toBe(0);
});

const offline = new EasyRemoteError("UNAVAILABLE", "the node is offline");

function waiter(): ScriptedNode {
	return new ScriptedNode("n1")
		.on("wait", (call) => call.accept())
		.on("ping", (call) => call.accept().answer("pong"));
}

describe("a session pool", () => {
	it("keeps one session a node", async () => {
		const node = waiter();
		const { caller } = network([node]);
		const ping = () => caller.call({ function: "ping" }, []);
		await Promise.all([ping(), ping(), ping()]);
		await ping();
		expect(node.opens).toHaveLength(1);
	});

	it("sends the first call in the flight of the opening, before any answer", async () => {
		const node = waiter();
		const made = network([node]);
		await made.caller.call({ function: "ping" }, []);
		expect(node.opens).toHaveLength(1);
		expect(node.calls).toHaveLength(1);
	});

	it("opens the path again under the same id: the call goes on and runs once", async () => {
		const node = waiter();
		const { caller, clock } = network([node]);
		const call = caller.call({ function: "wait" }, []);
		await clock.advance(10);
		node.cut();
		await clock.advance(200);
		expect(node.opens.map(({ sessionId }) => sessionId)).toEqual([
			"session_1",
			"session_1",
		]);
		node.calls[0]?.answer("at last");
		await clock.advance(100);
		expect(await call).toBe("at last");
		expect(node.calls).toHaveLength(1);
	});

	it("does not wait for a node that the gateway has given up", async () => {
		const node = waiter();
		const { caller, clock } = network([node]);
		const call = caller.call({ function: "wait" }, []);
		const failure = expect(call).rejects.toMatchObject({ code: "ABORTED" });
		await clock.advance(10);
		node.refusal = offline;
		node.cut("node_lost");
		await clock.advance(1);
		await failure;
		node.refusal = undefined;
		const again = caller.call({ function: "ping" }, []);
		await clock.advance(10);
		expect(await again).toBe("pong");
	});

	it("goes on asking until the call has waited long enough", async () => {
		const node = waiter();
		const { caller, clock } = network([node]);
		const call = caller.call({ function: "wait" }, []);
		const failure = expect(call).rejects.toMatchObject({ code: "ABORTED" });
		await clock.advance(10);
		node.refusal = offline;
		node.cut();
		await clock.advance(PROTOCOL.reattachTimeoutMs + 10);
		await failure;
		expect(node.opens.length).toBeGreaterThan(2);
		node.refusal = undefined;
		const again = caller.call({ function: "ping" }, []);
		await clock.advance(10);
		expect(await again).toBe("pong");
		expect(node.opens.at(-1)?.sessionId).toBe("session_2");
	});

	it.each([offline, new EasyRemoteError("NOT_FOUND", "no such node")])(
		"waits for a node that is not back yet: $code",
		async (refusal) => {
			const node = waiter();
			const { caller, clock } = network([node]);
			const call = caller.call({ function: "wait" }, []);
			await clock.advance(10);
			node.refusal = refusal;
			node.cut();
			await clock.advance(300);
			node.refusal = undefined;
			await clock.advance(1_000);
			node.calls[0]?.answer("back");
			await clock.advance(100);
			expect(await call).toBe("back");
		},
	);

	it("waits longer while the gateway restarts", async () => {
		const node = waiter();
		const made = network([node]);
		const call = made.caller.call({ function: "wait" }, []);
		await made.clock.advance(10);
		made.restarting = true;
		node.refusal = offline;
		node.cut();
		await made.clock.advance(PROTOCOL.reattachTimeoutMs * 5);
		node.refusal = undefined;
		await made.clock.advance(3_000);
		node.calls[0]?.answer("back");
		await made.clock.advance(100);
		expect(await call).toBe("back");
	});

	it("fails calls with the refusal when the node never took the session", async () => {
		const node = waiter();
		node.refusal = new EasyRemoteError("PERMISSION_DENIED", "no grant");
		const { caller } = network([node]);
		await expect(caller.call({ function: "ping" }, [])).rejects.toMatchObject({
			code: "PERMISSION_DENIED",
			message: "no grant",
		});
	});

	it("closes what nobody has used for the idle time", async () => {
		const node = waiter();
		const { caller, clock, pool } = network([node]);
		await caller.call({ function: "ping" }, []);
		await clock.advance(PROTOCOL.sessionIdleMs - 1_000);
		expect(pool.sessions.size).toBe(1);
		await clock.advance(PROTOCOL.sessionIdleMs);
		expect(pool.sessions.size).toBe(0);
		const session = node.sessions.get("session_1");
		await clock.advance(10);
		expect(session?.closed).toBe(true);
	});

	it("asks again, with the same id, when a direct path is first wanted", async () => {
		const node = waiter();
		const made = network([node]);
		made.direct = () => ({
			status: {
				state: "failed",
				report: noAttempt("failed", "none here"),
				whenOpen: () => Promise.resolve(false),
			},
			start: () => {},
			used: () => {},
			close: () => {},
		});
		await made.caller.call({ function: "ping" }, [], { transport: "relay" });
		await made.caller.call({ function: "ping" }, [], { transport: "auto" });
		await made.clock.advance(10);
		expect(node.opens.map(({ direct }) => direct)).toEqual([false, true]);
		expect(new Set(node.opens.map(({ sessionId }) => sessionId)).size).toBe(1);
		await made.caller.call({ function: "ping" }, []);
		expect(node.opens).toHaveLength(2);
	});

	it("takes a direct path that says nothing for dead once the relay is lost", async () => {
		const node = waiter();
		const made = network([node]);
		made.direct = (session) => ({
			status: {
				state: "open",
				report: noAttempt("open"),
				whenOpen: () => Promise.resolve(true),
			},
			start: () => {
				const [near] = memoryChannelPair();
				session.addPath("direct", near);
			},
			used: () => {},
			close: () => {},
		});
		const { caller, clock } = made;
		const call = caller.call({ function: "wait" }, []);
		const failure = expect(call).rejects.toMatchObject({ code: "ABORTED" });
		await clock.advance(10);
		node.refusal = offline;
		node.cut();
		await clock.advance(PROTOCOL.reattachTimeoutMs + 10);
		await failure;
	});
});
