import { describe, expect, it } from "vitest";
import type { Channel } from "../channel/channel.js";
import { decodeValue, encodeValue } from "../codec/value-codec.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { fromWireError } from "../errors/error-wire.js";
import { collectFunctions } from "../functions/collect-functions.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import { Session } from "../session/session.js";
import { ManualClock } from "../time/manual-clock.js";
import { FunctionTable } from "./function-table.js";
import { createHost } from "./host.js";
import { ServedNode } from "./served-node.js";
import { ScriptedGateway } from "./testing/scripted-gateway.js";

const anna: CallerIdentity = {
	id: "key_anna",
	subject: "anna",
	anonymous: false,
	grants: ["call:*"],
};
const bob: CallerIdentity = { ...anna, id: "key_bob", subject: "bob" };

function fixture(functions: object = { add: (a: number, b: number) => a + b }) {
	const clock = new ManualClock();
	const link = new ScriptedGateway();
	const table = new FunctionTable();
	table.add(collectFunctions(functions));
	const host = createHost({ nodeId: "calc", table, clock });
	const states: string[] = [];
	const errors: EasyRemoteError[] = [];
	const node = new ServedNode({
		link,
		host,
		clock,
		events: {
			state: (state, error) =>
				states.push(error ? `${state}: ${error.code}` : state),
			error: (error) => errors.push(error),
		},
	});
	return { clock, link, table, host, node, states, errors };
}

/** The caller's end of a session, as a client has it. */
function clientSession(
	clock: ManualClock,
	relay: Channel,
	id = "session_2",
): Session {
	const session = new Session({
		id,
		opener: true,
		strandedTimeoutMs: 5_000,
		clock,
	});
	session.addPath("relay", relay);
	return session;
}

/** Calls and gives what comes of it: the result, or the error. */
function call(
	session: Session,
	name: string,
	args: unknown[] = [],
): Promise<unknown> {
	return new Promise((resolve, reject) => {
		const end = session.open(
			{
				message: (header, value, release) => {
					release();
					if (header.type === "function_response")
						resolve(value && decodeValue(value));
					if (header.type === "error") reject(fromWireError(header.error));
				},
				ended: () => undefined,
				drained: () => undefined,
				failed: reject,
			},
			"any",
		);
		end.send(
			{ type: "function_call", id: "call_1", function: name, attempt: 1 },
			encodeValue(args),
		);
		end.end();
	});
}

/** Lets everything happen that needs no time, and the session's short delays pass. */
const settle = (clock: ManualClock) => clock.advance(50);

describe("registration", () => {
	it("announces the functions on every connection", async () => {
		const { clock, link, node, states } = fixture();
		link.connect();
		await node.registered;
		expect(link.payloads("register_function")).toMatchObject([
			{ functions: [{ name: "add" }] },
		]);
		link.disconnect();
		link.connect();
		await settle(clock);
		expect(link.payloads("register_function")).toHaveLength(2);
		expect(states).toEqual([
			"registering",
			"online",
			"waiting: UNAVAILABLE",
			"registering",
			"online",
		]);
	});

	it("announces what changes while connected, and only then", async () => {
		const { link, node, table } = fixture();
		table.add(collectFunctions({ early: () => 0 }));
		link.connect();
		await node.registered;
		table.add(collectFunctions({ late: () => 1 }));
		table.remove(["add"]);
		expect(link.payloads("register_function")).toMatchObject([
			{ functions: [{ name: "add" }, { name: "early" }] },
			{ functions: [{ name: "late" }] },
		]);
		expect(link.payloads("unregister_function")).toEqual([{ names: ["add"] }]);
	});

	it("ends the node when the gateway refuses it", async () => {
		const { link, node, states } = fixture();
		link.agrees = false;
		link.connect();
		const refusal = new EasyRemoteError("PERMISSION_DENIED", "no grant");
		link.asked[0]?.answer.reject(refusal);
		await expect(node.registered).rejects.toBe(refusal);
		await node.closed;
		expect(link.state).toBe("closed");
		expect(states.at(-1)).toBe("closed: PERMISSION_DENIED");
	});

	it("tries again when the gateway could not do it now", async () => {
		const { clock, link, node } = fixture();
		link.agrees = false;
		link.connect();
		link.asked
			.shift()
			?.answer.reject(new EasyRemoteError("UNAVAILABLE", "the store is busy"));
		await clock.advance(1_000);
		link.asked.shift()?.answer.resolve({});
		await node.registered;
	});

	it("reports a late function that is refused, and goes on", async () => {
		const { clock, link, node, table, errors } = fixture();
		link.connect();
		await node.registered;
		link.agrees = false;
		table.add(collectFunctions({ late: () => 1 }));
		link.asked[0]?.answer.reject(
			new EasyRemoteError("PERMISSION_DENIED", "no grant"),
		);
		await settle(clock);
		expect(errors).toMatchObject([{ code: "PERMISSION_DENIED" }]);
		expect(node.state).toBe("online");
	});

	it("keeps each message small", async () => {
		const many = Object.fromEntries(
			Array.from({ length: 2_000 }, (_, index) => [
				`function_${index}`,
				() => index,
			]),
		);
		const { link, node } = fixture(many);
		link.connect();
		await node.registered;
		const batches = link.payloads("register_function") as {
			functions: unknown[];
		}[];
		expect(batches.length).toBeGreaterThan(1);
		expect(batches.flatMap(({ functions }) => functions)).toHaveLength(2_000);
		for (const batch of batches) {
			expect(JSON.stringify(batch).length).toBeLessThan(
				PROTOCOL.controlMessageBytes / 2,
			);
		}
	});
});

describe("sessions", () => {
	it("carry calls", async () => {
		const { clock, link, node } = fixture();
		link.connect();
		const session = clientSession(clock, link.openSession(2, { caller: anna }));
		await expect(call(session, "add", [1, 2])).resolves.toBe(3);
		expect(link.payloads("session_opened")).toEqual([
			{ session: 2, direct: false },
		]);
		expect(node.sessionCount).toBe(1);
		session.close();
		await settle(clock);
		expect(node.sessionCount).toBe(0);
	});

	it("belong to who opened them", async () => {
		const { clock, link, node } = fixture();
		link.connect();
		link.openSession(2, { sessionId: "mine", caller: anna });
		link.openSession(4, { sessionId: "mine", caller: bob });
		link.openSession(6, { sessionId: "nobody", caller: undefined });
		await settle(clock);
		expect(link.payloads("session_close")).toMatchObject([
			{ session: 4, error: { code: "PERMISSION_DENIED" } },
			{ session: 6, error: { code: "INVALID_ARGUMENT" } },
		]);
		expect(node.sessionCount).toBe(1);
	});

	it("outlive a lost caller, whose running call is answered when it is back", async () => {
		let runs = 0;
		const { clock, link, node } = fixture({
			slow: () => {
				runs += 1;
				return new Promise((resolve) =>
					clock.schedule(1_000, () => resolve("done")),
				);
			},
		});
		link.connect();
		const session = clientSession(
			clock,
			link.openSession(2, { sessionId: "s", caller: anna }),
			"s",
		);
		const answer = call(session, "slow");
		await settle(clock);
		session.dropPath("relay");
		link.tell("session_close", {
			session: 2,
			error: {
				code: "UNAVAILABLE",
				message: "gone",
				details: { reason: "peer_lost" },
			},
		});
		await clock.advance(2_000);
		expect(node.sessionCount).toBe(1);
		session.addPath(
			"relay",
			link.openSession(4, { sessionId: "s", caller: anna }),
		);
		await settle(clock);
		await expect(answer).resolves.toBe("done");
		expect(runs).toBe(1);
		session.close();
		await settle(clock);
	});

	it("end when the caller stays away", async () => {
		let aborted = false;
		const { clock, link, node, host } = fixture({
			wait: () => new Promise(() => undefined),
		});
		link.connect();
		const session = clientSession(clock, link.openSession(2, { caller: anna }));
		call(session, "wait").catch(() => {
			aborted = true;
		});
		await settle(clock);
		expect(host.load.running).toBe(1);
		link.disconnect();
		await clock.advance(PROTOCOL.orphanTimeoutMs + 1);
		expect(host.load.running).toBe(0);
		expect(node.sessionCount).toBe(0);
		expect(aborted).toBe(true);
	});

	it("end at once when the gateway closes them", async () => {
		const { clock, link, node } = fixture();
		link.connect();
		link.openSession(2, { caller: anna });
		await settle(clock);
		link.tell("session_close", { session: 2 });
		expect(node.sessionCount).toBe(0);
		link.tell("session_close", { session: 99 });
	});

	it("are told that there is no direct path to be had", async () => {
		const { clock, link } = fixture();
		link.connect();
		link.openSession(2, { caller: anna, direct: true });
		link.tell("signal", {
			session: 2,
			attempt: 1,
			signal: { kind: "description", type: "offer", sdp: "v=0" },
		});
		await settle(clock);
		expect(link.payloads("session_opened")).toEqual([
			{ session: 2, direct: false },
		]);
		expect(link.payloads("signal")).toMatchObject([
			{ attempt: 1, signal: { kind: "failed" } },
		]);
	});
});

describe("close", () => {
	it("finishes running calls, hands their answers over, and leaves no timer", async () => {
		const { clock, link, node, states } = fixture({
			slow: () =>
				new Promise((resolve) => clock.schedule(500, () => resolve("done"))),
		});
		link.connect();
		await node.registered;
		const session = clientSession(clock, link.openSession(2, { caller: anna }));
		const answer = call(session, "slow");
		await settle(clock);
		const closing = node.close();
		expect(link.payloads("node_draining")).toHaveLength(1);
		link.openSession(4, { caller: bob });
		expect(link.payloads("session_close")).toMatchObject([
			{
				session: 4,
				error: { code: "UNAVAILABLE", details: { reason: "draining" } },
			},
		]);
		await clock.advance(600);
		await expect(answer).resolves.toBe("done");
		await closing;
		await node.closed;
		expect(states.slice(-2)).toEqual(["draining", "closed"]);
		expect(node.sessionCount).toBe(0);
		await clock.advance(10_000);
		expect(clock.pending).toBe(0);
	});

	it("before the gateway was ever reached ends the wait for it", async () => {
		const { node } = fixture();
		const registered = expect(node.registered).rejects.toMatchObject({
			code: "CANCELLED",
		});
		await node.close();
		await registered;
		await node.closed;
	});

	it("follows when the gateway ends the link for good", async () => {
		const { link, node, states } = fixture();
		link.connect();
		await node.registered;
		link.refuse(new EasyRemoteError("UNAUTHENTICATED", "the key was revoked"));
		await node.closed;
		expect(states.at(-1)).toBe("closed: UNAUTHENTICATED");
	});
});

describe("statistics", () => {
	it("of the last calls are told before the node leaves", async () => {
		const { clock, link, node } = fixture();
		link.connect();
		await node.registered;
		const session = clientSession(clock, link.openSession(2, { caller: anna }));
		await settle(clock);
		const answered = call(session, "add", [1, 2]);
		await settle(clock);
		expect(await answered).toBe(3);
		const closed = node.close();
		await clock.advance(3_000);
		await closed;
		expect(link.payloads("heartbeat")).toMatchObject([
			{ stats: { rows: [{ function: "add", outcomes: { OK: 1 } }] } },
		]);
		session.close();
	});
});
