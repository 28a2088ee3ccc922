import { describe, expect, it } from "vitest";
import { deferred } from "../async/deferred.js";
import type { Channel } from "../channel/channel.js";
import { memoryChannelPair } from "../channel/memory-channel.js";
import { decodeValue, encodeValue } from "../codec/value-codec.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { collectFunctions } from "../functions/collect-functions.js";
import type { PeerConnector } from "../peer/peer-connector.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import { Session } from "../session/session.js";
import { ManualClock } from "../time/manual-clock.js";
import { FunctionTable } from "./function-table.js";
import { createHost } from "./host.js";
import { HostedSessions } from "./hosted-sessions.js";
import { ScriptedGateway } from "./testing/scripted-gateway.js";

const anna: CallerIdentity = {
	id: "key_anna",
	subject: "anna",
	anonymous: false,
	grants: ["call:*"],
};

/**
 * A node that may hold `maxConnections` peer connections. They open as soon as they are offered, unless `silent`, and
 * are gone `lingerMs` after they were given back.
 */
function fixture(
	maxConnections: number,
	{ lingerMs = 0, silent = false } = {},
) {
	const clock = new ManualClock();
	const link = new ScriptedGateway();
	const open = new Set<number>();
	const callers = new Map<number, Session>();
	/** Callers' ends of channels that they have not taken. */
	const fars: Channel[] = [];
	const signals: { readonly number: number; readonly kind: string }[] = [];
	let count = 0;
	let most = 0;
	const connector: PeerConnector = {
		connect: () => {
			const number = count;
			count += 1;
			open.add(number);
			most = Math.max(most, open.size);
			const [channel, far] = memoryChannelPair();
			fars.push(far);
			const ended = deferred();
			return {
				opened: silent
					? new Promise(() => undefined)
					: Promise.resolve({ channel, candidate: "host", roomBytes: 0 }),
				ended: ended.promise,
				signal: (signal) => signals.push({ number, kind: signal.kind }),
				close: () => {
					channel.close();
					const end = () => {
						open.delete(number);
						ended.resolve();
					};
					if (lingerMs === 0) end();
					else clock.schedule(lingerMs, end);
				},
			};
		},
	};
	const table = new FunctionTable();
	table.add(
		collectFunctions({
			wait: () => new Promise(() => undefined),
			add: (a: number, b: number) => a + b,
		}),
	);
	const host = createHost({
		nodeId: "calc",
		requestTimeoutMs: Number.POSITIVE_INFINITY,
		table,
		clock,
	});
	const sessions = new HostedSessions({
		link,
		host,
		clock,
		direct: { connector, maxConnections },
		limits: undefined,
	});
	link.listen({ control: (message) => sessions.control(message) });
	link.connect();
	const join = async (session: number) => {
		const relay = link.openSession(session, { caller: anna, direct: true });
		const caller = new Session({
			id: `session_${session}`,
			opener: true,
			strandedTimeoutMs: 5_000,
			clock,
		});
		caller.addPath("relay", relay);
		callers.set(session, caller);
		await clock.advance(10);
		return caller;
	};
	const offer = async (session: number, attempt = 1) => {
		link.tell("signal", {
			session,
			attempt,
			signal: { kind: "description", type: "offer", sdp: "v=0" },
		});
		const far = silent ? undefined : fars.pop();
		if (far) callers.get(session)?.addPath("direct", far);
		await clock.advance(10);
	};
	return {
		clock,
		link,
		sessions,
		open,
		signals,
		join,
		offer,
		/** The most that there were at once. */
		most: () => most,
	};
}

/** Calls a function on the relay; the answer is there when it has come. */
function call(caller: Session, name: string, ...args: readonly unknown[]) {
	const answers: unknown[] = [];
	const ignore = () => undefined;
	const end = caller.open(
		{
			message: (header, value, release) => {
				if (header.type === "function_response")
					answers.push(value && decodeValue(value));
				release();
			},
			ended: ignore,
			drained: ignore,
			failed: ignore,
		},
		"relay",
	);
	end.send(
		{
			type: "function_call",
			id: `call_${end.number}`,
			function: name,
			attempt: 1,
		},
		encodeValue(args),
	);
	return { end, answers };
}

describe("peer connections of a node", () => {
	it("are made when a caller offers one, and given back when its session ends", async () => {
		const { clock, link, sessions, open, join, offer } = fixture(4);
		await join(2);
		expect(link.payloads("session_opened")).toEqual([
			{ session: 2, direct: true },
		]);
		expect([...open]).toEqual([]);
		await offer(2);
		expect([...open]).toEqual([0]);
		link.tell("session_close", { session: 2 });
		await clock.advance(10);
		expect([...open]).toEqual([]);
		expect(sessions.size).toBe(0);
	});

	it("are limited: a new one takes the place of the one longest unused", async () => {
		const { clock, open, join, offer } = fixture(2);
		for (const session of [2, 4, 6]) {
			await join(session);
			await clock.advance(100);
		}
		await offer(2);
		await offer(4);
		await offer(6);
		expect([...open]).toEqual([1, 2]);
	});

	it("come back to a session that gave its own away", async () => {
		const { open, join, offer } = fixture(1);
		await join(2);
		await join(4);
		await offer(2);
		await offer(4);
		expect([...open]).toEqual([1]);
		await offer(2, 2);
		expect([...open]).toEqual([2]);
	});

	it("are refused, with the reason, while all of them are in use", async () => {
		const { link, open, join, offer } = fixture(1);
		const caller = await join(2);
		await offer(2);
		call(caller, "wait");
		await join(4);
		await offer(4);
		expect([...open]).toEqual([0]);
		expect(link.payloads("signal")).toMatchObject([
			{
				session: 4,
				attempt: 1,
				signal: {
					kind: "failed",
					reason: expect.stringContaining("to spare") as string,
				},
			},
		]);
	});

	it("are not taken from those that are still opening: a call waits for them", async () => {
		const { link, open, join, offer } = fixture(1, { silent: true });
		await join(2);
		await join(4);
		await offer(2);
		await offer(4);
		expect([...open]).toEqual([0]);
		expect(link.payloads("signal")).toMatchObject([
			{ session: 4, signal: { kind: "failed" } },
		]);
	});

	it("never exceed the limit, not even while one that is given back says its last words", async () => {
		const { clock, open, signals, join, offer, most } = fixture(1, {
			lingerMs: 500,
		});
		await join(2);
		await join(4);
		await offer(2);
		await offer(4);
		expect([...open]).toEqual([0]);
		await clock.advance(500);
		expect([...open]).toEqual([1]);
		// What the far end said meanwhile was kept.
		expect(signals.at(-1)).toEqual({ number: 1, kind: "description" });
		expect(most()).toBe(1);
	});

	it("are given back after a minute without calls, and the session goes on", async () => {
		const { clock, sessions, open, join, offer } = fixture(4);
		const caller = await join(2);
		await offer(2);
		await clock.advance(PROTOCOL.sessionIdleMs - 1_000);
		expect([...open]).toEqual([0]);
		await clock.advance(PROTOCOL.sessionIdleMs / 2 + 1_000);
		expect([...open]).toEqual([]);
		expect(sessions.paths).toEqual({ direct: 0, relay: 1 });
		const { answers } = call(caller, "add", 1, 2);
		await clock.advance(10);
		expect(answers).toEqual([3]);
		await offer(2, 2);
		expect([...open]).toEqual([1]);
		sessions.close();
		expect(open.size).toBe(0);
	});

	it("stay while a call runs, however long, and a minute after it", async () => {
		const { clock, open, join, offer } = fixture(4);
		const caller = await join(2);
		await offer(2);
		const { end } = call(caller, "wait");
		await clock.advance(10 * PROTOCOL.sessionIdleMs);
		expect([...open]).toEqual([0]);
		end.cancel(new EasyRemoteError("CANCELLED", "enough"));
		await clock.advance(PROTOCOL.sessionIdleMs / 2);
		expect([...open]).toEqual([0]);
		await clock.advance(PROTOCOL.sessionIdleMs);
		expect([...open]).toEqual([]);
	});

	it("need no timer once there are none", async () => {
		const { clock, sessions, join, offer } = fixture(4);
		await join(2);
		await offer(2);
		await clock.advance(2 * PROTOCOL.sessionIdleMs);
		const before = clock.pending;
		await clock.advance(10 * PROTOCOL.sessionIdleMs);
		expect(clock.pending).toBe(before);
		sessions.close();
	});
});
