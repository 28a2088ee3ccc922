import { ManualClock } from "@easyremote/shared/time";
import { afterEach, describe, expect, it } from "vitest";
import { stunRequest } from "./stun-message.js";
import { STUN_PATIENCE_MS, StunSocket } from "./stun-socket.js";
import { scriptedStunServer } from "./testing/scripted-stun-server.js";

const closeAll: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closeAll.splice(0)) await close();
});

async function setup(reply: Parameters<typeof scriptedStunServer>[0]) {
	const server = await scriptedStunServer(reply);
	const clock = new ManualClock();
	const socket = await StunSocket.open(
		{ host: "127.0.0.1", port: server.port },
		clock,
	);
	closeAll.push(
		() => server.close(),
		() => socket.close(),
	);
	return { clock, socket, server };
}

describe("StunSocket", () => {
	it("asks again where a datagram was lost", async () => {
		let asked = 0;
		let heard = () => undefined as unknown;
		const first = new Promise<void>((resolve) => (heard = resolve));
		const { clock, socket } = await setup(() => {
			asked += 1;
			heard();
			return asked < 2 ? undefined : { type: 0x0101, attributes: [] };
		});
		const answer = socket.request(stunRequest(1));
		await first;
		await clock.advance(500);
		expect((await answer)?.message.type).toBe(0x0101);
		expect(clock.pending).toBe(0);
	});

	it("gives up in the end, and leaves nothing behind", async () => {
		const { clock, socket } = await setup(() => undefined);
		const answer = socket.request(stunRequest(1));
		await clock.advance(STUN_PATIENCE_MS);
		expect(await answer).toBeUndefined();
		expect(clock.pending).toBe(0);
	});

	it("hears that nobody listens", async () => {
		const { socket, server } = await setup(() => undefined);
		await server.close();
		closeAll.shift();
		await expect(socket.request(stunRequest(1))).rejects.toMatchObject({
			code: "ECONNREFUSED",
		});
	});

	it("ends when told to", async () => {
		const { clock, socket } = await setup(() => undefined);
		const abort = new AbortController();
		const answer = socket.request(stunRequest(1), { signal: abort.signal });
		abort.abort(new Error("enough"));
		await expect(answer).rejects.toThrow("enough");
		expect(clock.pending).toBe(0);
	});
});
