import { forEachPacket, joinPackets } from "@easyremote/shared/protocol";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import { newTraffic } from "../observe/traffic.js";
import { principal } from "../socket/testing/test-gateway.js";
import { PacketForwarder } from "./packet-forwarder.js";
import {
	type RelayEnd,
	type RelayPort,
	RelaySession,
} from "./relay-session.js";

/** A port that notes what it is given. */
class NotedPort implements RelayPort {
	readonly id = "noted";
	readonly ends = new Map<number, RelayEnd>();
	readonly forwarded: Uint8Array[] = [];
	readonly pauses: boolean[] = [];
	congested = false;
	#next = 2;

	forward(packets: Uint8Array): void {
		this.forwarded.push(packets);
	}

	tell(): void {
		throw new Error("not expected");
	}

	tellPause(_session: number, paused: boolean): void {
		this.pauses.push(paused);
	}

	nextSession(): number {
		this.#next += 2;
		return this.#next - 2;
	}

	packets(): [session: number, length: number][] {
		const list: [number, number][] = [];
		for (const message of this.forwarded)
			forEachPacket(message, (session, start, end) =>
				list.push([session, end - start]),
			);
		return list;
	}
}

function setUp() {
	const source = new NotedPort();
	const traffic = newTraffic();
	const excess: RelayEnd[] = [];
	const controls: number[][] = [];
	const forwarder = new PacketForwarder(source, traffic, {
		control: (body) => controls.push([...body]),
		excess: (end) => excess.push(end),
	});
	const open = (session: number, target?: NotedPort) => {
		const request = {
			sessionId: `s${session}`,
			nodeId: "n",
			direct: false,
			principal: principal("p"),
		};
		const opened = new RelaySession(request, source, session, {
			openedAtMs: 0,
			limits: DEFAULT_LIMITS,
		});
		source.ends.set(session, opened.opener);
		if (target) opened.join(target);
		return opened.opener;
	};
	return { source, traffic, excess, controls, forwarder, open };
}

const body = (length: number) => new Uint8Array(length);

describe("the forwarder", () => {
	it("passes a message for one target on as the very buffer it came in", () => {
		const { forwarder, open } = setUp();
		const target = new NotedPort();
		open(1, target);
		open(3, target);
		const message = joinPackets([
			{ session: 1, body: body(10) },
			{ session: 3, body: body(20) },
		]);
		expect(forwarder.forward(message)).toBe(true);
		expect(target.forwarded).toEqual([message]);
		expect(target.forwarded[0]).toBe(message);
		expect(target.packets()).toEqual([
			[2, 10],
			[4, 20],
		]);
	});

	it("passes on what came before a fault, and control messages in their place", () => {
		const { forwarder, controls, open, traffic } = setUp();
		const target = new NotedPort();
		open(1, target);
		const message = joinPackets([
			{ session: 1, body: body(1) },
			{ session: 0, body: new Uint8Array([7]) },
			{ session: 5, body: body(2) },
			{ session: 1, body: body(3) },
			{ session: 1, body: body(4) },
		]);
		expect(forwarder.forward(message.subarray(0, -1))).toBe(false);
		expect(controls).toEqual([[7]]);
		expect(target.packets()).toEqual([
			[2, 1],
			[2, 3],
		]);
		expect(traffic).toMatchObject({
			relayedPackets: 2,
			relayedBytes: 4,
			strayPackets: 1,
		});
	});

	it("keeps what comes before the target is known, up to 1 MiB", () => {
		const { forwarder, open, excess } = setUp();
		const end = open(1);
		const message = () => joinPackets([{ session: 1, body: body(400_000) }]);
		forwarder.forward(message());
		forwarder.forward(message());
		expect(excess).toEqual([]);
		expect(end.takeHeld().map(({ length }) => length)).toEqual([
			400_008, 400_008,
		]);
		forwarder.forward(message());
		forwarder.forward(message());
		forwarder.forward(message());
		expect(excess).toEqual([end]);
	});

	it("asks a source to stop once, and gives it up when it goes on and on", () => {
		const { forwarder, open, excess, source } = setUp();
		const target = new NotedPort();
		target.congested = true;
		const end = open(1, target);
		for (let count = 0; count < 6; count += 1)
			forwarder.forward(joinPackets([{ session: 1, body: body(1_000_000) }]));
		expect(source.pauses).toEqual([true]);
		expect(excess).toEqual([]);
		for (let count = 0; count < 2; count += 1)
			forwarder.forward(joinPackets([{ session: 1, body: body(1_000_000) }]));
		expect(excess).toEqual([end]);
		expect(target.forwarded).toHaveLength(8);
	});
});
