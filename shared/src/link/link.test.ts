import { afterEach, describe, expect, it } from "vitest";
import type { Channel } from "../channel/channel.js";
import { memoryChannelPair } from "../channel/memory-channel.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { toWireError } from "../errors/error-wire.js";
import type { ControlMessage } from "../protocol/control-messages.js";
import { ManualClock } from "../time/manual-clock.js";
import { gatewayLink } from "./gateway-link.js";
import type { Link } from "./link.js";
import { FakeSocket, friendly, WELCOME } from "./testing/fake-socket.js";

const links: Link[] = [];
const clocks: ManualClock[] = [];

afterEach(async () => {
	await Promise.all(links.splice(0).map((link) => link.close()));
	for (const clock of clocks.splice(0)) {
		await clock.advance(0);
		expect(clock.pending, "timers left behind").toBe(0);
	}
});

function open(
	options: {
		readonly react?: (socket: FakeSocket, message: ControlMessage) => void;
		readonly dial?: (attempt: number) => Promise<void> | undefined;
	} = {},
) {
	const clock = new ManualClock();
	const sockets: FakeSocket[] = [];
	const states: string[] = [];
	const controls: ControlMessage[] = [];
	let dials = 0;
	const link = gatewayLink({
		url: "ws://gateway/clients",
		openSocket: async () => {
			dials += 1;
			await options.dial?.(dials);
			const [near, far] = memoryChannelPair();
			sockets.push(new FakeSocket(far, options.react ?? friendly));
			return near;
		},
		hello: () => ({
			version: 1,
			role: "client",
			agent: "test",
			instance: "i1",
		}),
		load: () => ({ running: 1, queued: 0, maxConcurrent: 10 }),
		clock,
		random: () => 0.5,
	});
	link.listen({
		state: (state) => states.push(state),
		control: (message) => controls.push(message),
	});
	links.push(link);
	clocks.push(clock);
	return { link, clock, sockets, states, controls, dials: () => dials };
}

describe("a link", () => {
	it("says hello, is welcomed, and sends its first heartbeat at once", async () => {
		const { link, clock, sockets, states } = open();
		expect(link.state).toBe("connecting");
		await expect(link.whenOnline()).resolves.toEqual(WELCOME);
		await clock.advance(0);
		expect(sockets[0]?.types()).toEqual(["hello", "heartbeat"]);
		expect(sockets[0]?.received[1]?.payload).toEqual({
			load: { running: 1, queued: 0, maxConcurrent: 10 },
		});
		expect(link.latencyMs).toBe(0);
		expect(states).toEqual(["online"]);
	});

	it("comes back after a loss, quickly at first, and tells its waiters", async () => {
		const { link, clock, sockets, states, dials } = open({
			dial: (attempt) =>
				attempt === 2
					? Promise.reject(new EasyRemoteError("UNAVAILABLE", "refused"))
					: undefined,
		});
		await link.whenOnline();
		sockets[0]?.end(1006);
		await clock.advance(0);
		expect(link.state).toBe("waiting");
		expect(link.send("heartbeat", {})).toBe(false);
		const back = link.whenOnline();
		await clock.advance(250);
		expect(dials()).toBe(2);
		await clock.advance(499);
		expect(dials()).toBe(2);
		await clock.advance(1);
		await back;
		expect(states).toEqual([
			"online",
			"waiting",
			"connecting",
			"waiting",
			"connecting",
			"online",
		]);
	});

	it("honours the time that goaway asks for", async () => {
		const { link, clock, sockets, controls } = open();
		await link.whenOnline();
		sockets[0]?.send("goaway", { reason: "restart", retryAfterMs: 3_000 });
		await clock.advance(0);
		expect([link.state, link.restarting]).toEqual(["online", true]);
		expect(controls.map(({ type }) => type)).toEqual(["goaway"]);
		sockets[0]?.end(1012);
		await clock.advance(3_249);
		expect([link.state, link.restarting]).toEqual(["waiting", true]);
		await clock.advance(1);
		expect([link.state, link.restarting]).toEqual(["online", false]);
	});

	it("takes ICE servers with fresh credentials from the answer to a heartbeat", async () => {
		const iceServers = [{ urls: "turn:turn.example.com", username: "later" }];
		const { link, clock, sockets } = open();
		await link.whenOnline();
		await clock.advance(1_000);
		expect(link.welcome?.iceServers).toEqual([]);
		sockets[0]?.send("heartbeat_ack", { iceServers });
		await clock.advance(1);
		expect(link.welcome?.iceServers).toEqual(iceServers);
	});

	it("asks for a sign of life when addresses change, and dials anew without one", async () => {
		let reached = true;
		const { link, clock, dials } = open({
			react: (socket, message) => {
				if (reached || message.type === "hello") friendly(socket, message);
			},
		});
		await link.whenOnline();
		await clock.advance(1_000);
		link.networkChanged();
		await clock.advance(5_000);
		expect([link.state, dials()]).toEqual(["online", 1]);
		reached = false;
		link.networkChanged();
		await clock.advance(3_999);
		expect(link.state).toBe("online");
		await clock.advance(1);
		expect(link.state).toBe("waiting");
		await clock.advance(250);
		expect([link.state, dials()]).toEqual(["online", 2]);
	});

	it("dials at once when addresses change while it waits, but for a gateway that restarts", async () => {
		const { link, clock, sockets, dials } = open();
		await link.whenOnline();
		sockets[0]?.end(1006);
		await clock.advance(0);
		link.networkChanged();
		await clock.advance(0);
		expect([link.state, dials()]).toEqual(["online", 2]);
		sockets[1]?.send("goaway", { reason: "restart", retryAfterMs: 3_000 });
		await clock.advance(0);
		sockets[1]?.end(1012);
		await clock.advance(0);
		link.networkChanged();
		await clock.advance(0);
		expect([link.state, dials()]).toEqual(["waiting", 2]);
	});

	it("says how busy it is all the time while the gateway drains", async () => {
		const { link, clock, sockets } = open();
		await link.whenOnline();
		await clock.advance(1_000);
		sockets[0]?.send("goaway", { reason: "restart", retryAfterMs: 3_000 });
		await clock.advance(500);
		expect(sockets[0]?.types().slice(2)).toEqual([
			"heartbeat",
			"heartbeat",
			"heartbeat",
		]);
	});

	it.each([4401, 4403, 4409])(
		"is over for good when the gateway closes with %i",
		async (closeCode) => {
			const { link, clock, sockets, states, dials } = open();
			await link.whenOnline();
			sockets[0]?.end(closeCode);
			await clock.advance(120_000);
			expect(dials()).toBe(1);
			expect(states.at(-1)).toBe("closed");
			await expect(link.whenOnline()).rejects.toMatchObject({
				details: { closeCode },
			});
		},
	);

	it("takes the gateway's own words for the reason where it refuses hello", async () => {
		const refusal = new EasyRemoteError(
			"UNAUTHENTICATED",
			"the key has expired",
			{ hint: "Create a new one." },
		);
		const { link, clock, dials } = open({
			react: (socket, message) => {
				const { code, message: text, hint } = toWireError(refusal);
				socket.send("error", { code, message: text, hint }, message.messageId);
				socket.end(4401);
			},
		});
		await expect(link.whenOnline()).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
			message: "the key has expired",
			hint: "Create a new one.",
		});
		await clock.advance(60_000);
		expect(dials()).toBe(1);
	});

	it("tries again when it was not the gateway who said 401", async () => {
		const proxy = new EasyRemoteError("UNAUTHENTICATED", "401 from a proxy", {
			details: { closeCode: 4401 },
		});
		const { link, clock, dials } = open({
			dial: (attempt) => (attempt < 3 ? Promise.reject(proxy) : undefined),
		});
		await clock.advance(5_000);
		expect(dials()).toBe(3);
		expect(link.state).toBe("online");
	});

	it("drops a gateway that is silent for two heartbeats", async () => {
		let deaf = false;
		const { link, clock, sockets } = open({
			react: (socket, message) => {
				if (!deaf) friendly(socket, message);
			},
		});
		await link.whenOnline();
		await clock.advance(44_000);
		deaf = true;
		await clock.advance(17_999);
		expect(link.state).toBe("online");
		await clock.advance(1);
		expect(link.state).toBe("waiting");
		await clock.advance(0);
		expect(sockets[0]?.closed?.error?.code).toBe("UNAVAILABLE");
	});

	it("gives up a connection on which nobody says welcome", async () => {
		const { link, clock, sockets } = open({ react: () => undefined });
		await clock.advance(10_000);
		expect(link.state).toBe("waiting");
		expect(sockets[0]?.closed).toBeDefined();
	});

	it("does not wait for a dial that hangs when it is closed", async () => {
		const { link, states } = open({
			dial: () =>
				new Promise((resolve) => void Promise.resolve().then(resolve)),
		});
		await link.close();
		expect(states).toEqual(["closed"]);
		await expect(link.whenOnline()).rejects.toMatchObject({
			code: "UNAVAILABLE",
			retryable: false,
		});
	});
});

describe("requests", () => {
	it("get their answer, the gateway's error, or the end of the connection", async () => {
		const { link, clock, sockets } = open({
			react: (socket, message) => {
				friendly(socket, message);
				if (message.type !== "list") return;
				if (message.payload.what === "nodes")
					socket.send("listing", { items: [] }, message.messageId);
				else
					socket.send(
						"error",
						{ code: "PERMISSION_DENIED", message: "no" },
						message.messageId,
					);
			},
		});
		await link.whenOnline();
		await expect(
			link.request("list", { what: "nodes" }, "listing"),
		).resolves.toEqual({ items: [] });
		await expect(
			link.request("list", { what: "functions" }, "listing"),
		).rejects.toMatchObject({
			code: "PERMISSION_DENIED",
		});
		const hanging = expect(
			link.request("route", { query: {} }, "route_update"),
		).rejects.toMatchObject({
			code: "UNAVAILABLE",
		});
		sockets[0]?.end(1006);
		await hanging;
		await expect(
			link.request("list", { what: "nodes" }, "listing"),
		).rejects.toMatchObject({ code: "UNAVAILABLE" });
		await clock.advance(0);
	});

	it("end with their signal or their time", async () => {
		const { link, clock } = open();
		await link.whenOnline();
		const abort = new AbortController();
		const aborted = expect(
			link.request("list", { what: "nodes" }, "listing", {
				signal: abort.signal,
			}),
		).rejects.toThrow("enough");
		abort.abort(new Error("enough"));
		await aborted;
		const late = expect(
			link.request("list", { what: "nodes" }, "listing", { timeoutMs: 100 }),
		).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
		await clock.advance(100);
		await late;
	});
});

describe("relay channels of a link", () => {
	function collect(channel: Channel) {
		const heard: {
			messages: number[][];
			drained: number;
			closed?: EasyRemoteError | undefined;
		} = {
			messages: [],
			drained: 0,
		};
		channel.start({
			message: (bytes) => heard.messages.push([...bytes]),
			drained: () => {
				heard.drained += 1;
			},
			closed: (error) => {
				heard.closed = error;
			},
		});
		return heard;
	}

	it("have odd numbers, carry messages, pause, and close with the gateway's error", async () => {
		const { link, clock, sockets, controls } = open();
		await link.whenOnline();
		expect([link.nextSession(), link.nextSession()]).toEqual([1, 3]);
		const channel = link.openRelay(1);
		const heard = collect(channel);
		const far = sockets[0]?.mux.openRelay(1);
		const farHeard = far && collect(far);
		channel.send(new Uint8Array([1, 2]));
		far?.send(new Uint8Array([3]));
		await clock.advance(0);
		expect(farHeard?.messages).toEqual([[1, 2]]);
		expect(heard.messages).toEqual([[3]]);
		sockets[0]?.send("session_pause", { session: 1, paused: true });
		await clock.advance(0);
		expect(channel.writable).toBe(false);
		sockets[0]?.send("session_pause", { session: 1, paused: false });
		await clock.advance(0);
		expect([channel.writable, heard.drained]).toEqual([true, 1]);
		sockets[0]?.send("session_close", {
			session: 1,
			error: { code: "UNAVAILABLE", message: "node lost" },
		});
		await clock.advance(0);
		expect(heard.closed?.message).toBe("node lost");
		expect(controls.map(({ type }) => type)).toEqual(["session_close"]);
	});

	it("close with the connection, and numbers begin anew on the next", async () => {
		const { link, clock, sockets } = open();
		await link.whenOnline();
		const heard = collect(link.openRelay(link.nextSession()));
		sockets[0]?.end(1006);
		await clock.advance(0);
		expect(heard.closed?.code).toBe("UNAVAILABLE");
		expect(() => link.nextSession()).toThrow("no connection");
		await clock.advance(250);
		expect(link.nextSession()).toBe(1);
	});
});
