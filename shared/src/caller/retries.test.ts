import { afterEach, describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { retryDelay } from "./retry-policy.js";
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

const busy = (retryAfterMs?: number) =>
	new EasyRemoteError("UNAVAILABLE", "all places are taken", { retryAfterMs });

const answers = (id: string) =>
	new ScriptedNode(id).on("f", (call) => call.accept().answer(id));

describe("a node that dies in mid-call", () => {
	it("has left the route by then, and an idempotent call runs elsewhere all the same", async () => {
		const dying = new ScriptedNode("dying").on(
			"f",
			(call) => void call.accept(),
			{ idempotent: true },
		);
		const net = network([dying]);
		const call = net.caller.call({ function: "f" }, []);
		await net.clock.advance(10);
		net.leave(dying);
		net.join(answers("other"));
		await net.clock.advance(31_000);
		expect(await call).toBe("other");
	});
});

describe("a call that did not start", () => {
	it("goes to another provider at once", async () => {
		const full = new ScriptedNode("full").on("f", (call) =>
			call.refuse(busy()),
		);
		const { caller } = network([full, answers("free")]);
		for (let round = 0; round < 4; round += 1) {
			const { value } = await caller.call({ function: "f" }, []).withMeta();
			expect(value).toBe("free");
		}
	});

	it("goes to the same one after as long as that asked for", async () => {
		let turn = 0;
		const node = new ScriptedNode("n1").on("f", (call) => {
			turn += 1;
			if (turn === 1) call.refuse(busy(400));
			else call.accept().answer("ok");
		});
		const { caller, clock } = network([node]);
		const call = caller.call({ function: "f" }, []);
		await clock.advance(399);
		expect(turn).toBe(1);
		await clock.advance(101);
		const { value, meta } = await call.withMeta();
		expect(value).toBe("ok");
		expect(meta.attempts).toBe(2);
		expect(node.calls.map(({ header }) => header.attempt)).toEqual([1, 2]);
	});

	it("is given up after the retries, with the node's own words", async () => {
		const node = new ScriptedNode("n1").on("f", (call) => call.refuse(busy()));
		const { caller, clock } = network([node]);
		const call = caller.call({ function: "f" }, [], { retries: 2 });
		const failure = expect(call).rejects.toMatchObject({
			code: "UNAVAILABLE",
			message: "all places are taken",
			callId: call.id,
		});
		await clock.advance(10_000);
		await failure;
		expect(node.calls).toHaveLength(3);
	});

	it("is not tried again where that would be too late", async () => {
		const node = new ScriptedNode("n1").on("f", (call) =>
			call.refuse(busy(5_000)),
		);
		const { caller, clock } = network([node]);
		const call = caller.call({ function: "f" }, [], { timeout: "3s" });
		const failure = expect(call).rejects.toMatchObject({
			code: "UNAVAILABLE",
		});
		await clock.advance(10);
		await failure;
		expect(node.calls).toHaveLength(1);
	});

	it("is one whose session the node refused", async () => {
		const gone = new ScriptedNode("gone").on("f", () => {});
		gone.refusal = new EasyRemoteError("UNAVAILABLE", "offline");
		const { caller } = network([gone, answers("there")]);
		expect(await caller.call({ function: "f" }, [])).toBe("there");
		expect(await caller.call({ function: "f" }, [])).toBe("there");
	});
});

describe("a call that may have started", () => {
	const failing = (idempotent: boolean, failures: number) => {
		let left = failures;
		return new ScriptedNode("n1").on(
			"f",
			(call) => {
				call.accept();
				left -= 1;
				if (left >= 0) call.refuse(new EasyRemoteError("ABORTED", "lost"));
				else call.answer("ok");
			},
			{ idempotent },
		);
	};

	it("runs once", async () => {
		const node = failing(false, 1);
		const { caller, clock } = network([node]);
		const call = caller.call({ function: "f" }, []);
		const failure = expect(call).rejects.toMatchObject({ code: "ABORTED" });
		await clock.advance(1_000);
		await failure;
		expect(node.calls).toHaveLength(1);
	});

	it("runs again if the function is idempotent", async () => {
		const node = failing(true, 2);
		const { caller, clock } = network([node]);
		const call = caller.call({ function: "f" }, []);
		await clock.advance(1_000);
		expect(await call).toBe("ok");
		expect(node.calls).toHaveLength(3);
	});

	it("is one that was sent before its node went for good, unaccepted", async () => {
		const node = new ScriptedNode("n1").on("f", () => {});
		const { caller, clock } = network([node, answers("n2")]);
		const calls = [
			caller.call({ node: "n1", function: "f" }, []),
			caller.call({ node: "n1", function: "f" }, []),
		];
		const settled = Promise.allSettled(calls);
		await clock.advance(10);
		const [hit] = node.calls;
		expect(hit).toBeDefined();
		node.refusal = new EasyRemoteError("UNAVAILABLE", "offline");
		node.cut();
		await clock.advance(2_000);
		const results = await settled;
		const reasons = results.filter((result) => result.status === "rejected");
		expect(reasons.length).toBeGreaterThan(0);
		for (const { reason } of reasons)
			expect(reason).toMatchObject({ code: "UNAVAILABLE", retryable: false });
	});
});

describe("where everything is refused", () => {
	it("retries become a small share of the calls", async () => {
		let attempts = 0;
		const node = new ScriptedNode("n1", 1_000).on("f", (call) => {
			attempts += 1;
			call.refuse(busy());
		});
		const net = network([node]);
		const round = async (calls: number) => {
			const before = attempts;
			const refused = Promise.allSettled(
				Array.from({ length: calls }, () =>
					net.caller.call({ function: "f" }, [], { retries: 2 }),
				),
			);
			await net.clock.advance(10_000);
			await refused;
			return attempts - before - calls;
		};
		expect(await round(100)).toBe(200);
		await round(500);
		// The reserve is spent: one retry for each five calls.
		expect(await round(500)).toBeLessThanOrEqual(100);
	});
});

describe("retryDelay", () => {
	const failed = {
		error: busy(),
		attempts: 1,
		retries: 5,
		mayHaveStarted: false,
		idempotent: false,
		otherProvider: false,
	};

	it("draws from a range that doubles up to a limit", () => {
		const longest = [1, 2, 3, 4, 5].map((attempts) =>
			retryDelay({ ...failed, attempts }, () => 1),
		);
		expect(longest).toEqual([100, 200, 400, 800, 1_600]);
		expect(retryDelay({ ...failed, attempts: 9, retries: 20 }, () => 1)).toBe(
			2_000,
		);
		expect(retryDelay(failed, () => 0)).toBe(0);
	});

	it("knows what is in vain", () => {
		const inVain = [
			new EasyRemoteError("RESOURCE_EXHAUSTED", "too large", {
				details: { reason: "payload_too_large" },
			}),
			new EasyRemoteError("NOT_FOUND", "no such function"),
			new EasyRemoteError("DEADLINE_EXCEEDED", "late"),
		];
		for (const error of inVain)
			expect(
				retryDelay({ ...failed, error, idempotent: true }, () => 0),
			).toBeUndefined();
	});
});
