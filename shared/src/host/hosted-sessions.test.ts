import { describe, expect, it } from "vitest";
import { memoryChannelPair } from "../channel/memory-channel.js";
import { collectFunctions } from "../functions/collect-functions.js";
import type { PeerConnector } from "../peer/peer-connector.js";
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

/** A node that may hold `maxConnections` peer connections, which open as soon as they are offered. */
function fixture(maxConnections: number) {
	const clock = new ManualClock();
	const link = new ScriptedGateway();
	const open = new Set<number>();
	let count = 0;
	const connector: PeerConnector = {
		connect: () => {
			const number = count;
			count += 1;
			open.add(number);
			const [channel] = memoryChannelPair();
			return {
				opened: Promise.resolve({ channel, candidate: "host" }),
				signal: () => undefined,
				close: () => {
					open.delete(number);
					channel.close();
				},
			};
		},
	};
	const table = new FunctionTable();
	table.add(collectFunctions({ wait: () => new Promise(() => undefined) }));
	const host = createHost({
		nodeId: "calc",
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
		await clock.advance(10);
		return caller;
	};
	const offer = async (session: number, attempt = 1) => {
		link.tell("signal", {
			session,
			attempt,
			signal: { kind: "description", type: "offer", sdp: "v=0" },
		});
		await clock.advance(10);
	};
	return { clock, link, sessions, open, join, offer };
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
		const ignore = () => undefined;
		const call = caller.open(
			{ message: ignore, ended: ignore, drained: ignore, failed: ignore },
			"relay",
		);
		call.send({
			type: "function_call",
			id: "call_1",
			function: "wait",
			attempt: 1,
		});
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
});
