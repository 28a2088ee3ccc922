import { describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { PROTOCOL } from "../protocol/constants.js";
import { forEachPacket, joinPackets } from "../protocol/packet.js";
import { memoryChannelPair } from "./memory-channel.js";
import { PacketMux } from "./packet-mux.js";
import { ChannelProbe } from "./testing/channel-probe.js";

function bytes(...values: number[]): Uint8Array {
	return Uint8Array.from(values);
}

/** A mux on one end of a memory pair whose other end plays the gateway. */
function muxWithGateway(options = {}) {
	const [near, gateway] = memoryChannelPair({
		maxMessageBytes: PROTOCOL.socketMessageBytes,
		...options,
	});
	const atGateway = new ChannelProbe();
	gateway.start(atGateway);
	const control: Uint8Array[] = [];
	const unknown: number[] = [];
	const closes: (EasyRemoteError | undefined)[] = [];
	const mux = new PacketMux(near, {
		control: (body) => control.push(body),
		closed: (error) => closes.push(error),
		unknownSession: (session) => unknown.push(session),
	});
	return { mux, gateway, atGateway, control, unknown, closes };
}

function packetsOf(message: Uint8Array): (readonly [number, number])[] {
	const packets: (readonly [number, number])[] = [];
	forEachPacket(message, (session, start, end) =>
		packets.push([session, end - start]),
	);
	return packets;
}

/** Lets the mux flush and the memory channel deliver. */
async function settle(): Promise<void> {
	for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe("PacketMux", () => {
	it("joins what is ready in one tick into one message, in order of sending", async () => {
		const { mux, atGateway } = muxWithGateway();
		const [one, two] = [mux.openRelay(1), mux.openRelay(3)];
		one.send(bytes(1));
		mux.sendControl(bytes(2, 2));
		two.send(bytes(3, 3, 3));
		one.send(bytes(4, 4, 4, 4));
		await settle();
		expect(atGateway.messages.map(packetsOf)).toEqual([
			[
				[1, 1],
				[0, 2],
				[3, 3],
				[1, 4],
			],
		]);
	});

	it("sends a large packet alone, behind the small ones before it", async () => {
		const { mux, atGateway } = muxWithGateway();
		const relay = mux.openRelay(1);
		relay.send(bytes(1));
		relay.send(new Uint8Array(PROTOCOL.relayMessageBytes));
		relay.send(bytes(2));
		await settle();
		expect(atGateway.messages.map(packetsOf)).toEqual([
			[[1, 1]],
			[[1, PROTOCOL.relayMessageBytes]],
			[[1, 1]],
		]);
	});

	it("keeps every message within what the socket takes", async () => {
		const { mux, atGateway } = muxWithGateway({ maxMessageBytes: 1000 });
		const relay = mux.openRelay(1);
		expect(relay.maxMessageBytes).toBe(992);
		for (let index = 0; index < 100; index += 1) relay.send(new Uint8Array(90));
		relay.send(new Uint8Array(992));
		await settle();
		const packets = atGateway.messages.flatMap(packetsOf);
		expect(packets).toHaveLength(101);
		expect(atGateway.messages.every((message) => message.length <= 1000)).toBe(
			true,
		);
		expect(() => mux.sendControl(new Uint8Array(993))).toThrow(EasyRemoteError);
	});

	it("sends what is queued before it closes", async () => {
		const { mux, atGateway, closes } = muxWithGateway();
		mux.sendControl(bytes(1));
		mux.close();
		await settle();
		expect(atGateway.messages.map(packetsOf)).toEqual([[[0, 1]]]);
		expect(closes).toEqual([undefined]);
	});

	it("hands packets to their sessions and names those it does not know", async () => {
		const { mux, gateway, control, unknown } = muxWithGateway();
		const probe = new ChannelProbe();
		const relay = mux.openRelay(5);
		relay.start(probe);
		gateway.send(
			joinPackets([
				{ session: 0, body: bytes(1) },
				{ session: 5, body: bytes(2) },
				{ session: 0xffff_fffe, body: bytes(3) },
				{ session: 5, body: bytes(4) },
			]),
		);
		await settle();
		expect(control).toEqual([bytes(1)]);
		expect(probe.messages).toEqual([bytes(2), bytes(4)]);
		expect(unknown).toEqual([0xffff_fffe]);
		relay.close();
		gateway.send(joinPackets([{ session: 5, body: bytes(5) }]));
		await settle();
		expect(probe.closes).toEqual([undefined]);
		expect(unknown).toEqual([0xffff_fffe, 5]);
	});

	it("lets a control handler open the session that the same message goes on with", async () => {
		const [near, gateway] = memoryChannelPair();
		gateway.start(new ChannelProbe());
		const probe = new ChannelProbe();
		const mux: PacketMux = new PacketMux(near, {
			control: () => mux.openRelay(2).start(probe),
			closed: () => undefined,
			unknownSession: () => undefined,
		});
		gateway.send(
			joinPackets([
				{ session: 0, body: bytes(1) },
				{ session: 2, body: bytes(9) },
			]),
		);
		await settle();
		expect(probe.messages).toEqual([bytes(9)]);
	});

	it.each([
		["half a header", bytes(0, 0, 0)],
		["a body that is cut off", bytes(0, 0, 0, 1, 0, 0, 0, 9, 1, 2)],
		["a length near 2^32", bytes(0, 0, 0, 1, 255, 255, 255, 255, 1)],
	])("closes the socket at %s", async (_what, hostile) => {
		const { mux, gateway, atGateway, closes } = muxWithGateway();
		const probe = new ChannelProbe();
		mux.openRelay(1).start(probe);
		gateway.send(hostile);
		await settle();
		expect(closes.map((error) => error?.code)).toEqual(["INVALID_ARGUMENT"]);
		expect(probe.closes.map((error) => error?.code)).toEqual([
			"INVALID_ARGUMENT",
		]);
		expect(atGateway.closes.map((error) => error?.code)).toEqual([
			"INVALID_ARGUMENT",
		]);
	});

	it.each([
		["an empty", new Uint8Array(0)],
		["an oversized", new Uint8Array(PROTOCOL.relayMessageBytes + 1)],
	])(
		"closes only the session whose far end relays %s message",
		async (_what, body) => {
			const { mux, gateway, closes } = muxWithGateway();
			const [bad, good] = [new ChannelProbe(), new ChannelProbe()];
			mux.openRelay(1).start(bad);
			mux.openRelay(3).start(good);
			gateway.send(joinPackets([{ session: 1, body }]));
			gateway.send(joinPackets([{ session: 3, body: bytes(1) }]));
			await settle();
			expect(bad.closes.map((error) => error?.code)).toEqual([
				"INVALID_ARGUMENT",
			]);
			expect(good.messages).toHaveLength(1);
			expect(closes).toEqual([]);
		},
	);

	it("closes its relays with the socket, and opens closed ones after that", async () => {
		const { mux, gateway, closes } = muxWithGateway();
		const [before, after] = [new ChannelProbe(), new ChannelProbe()];
		mux.openRelay(1).start(before);
		const error = new EasyRemoteError("UNAVAILABLE", "restarting");
		gateway.close(error);
		await settle();
		expect(closes).toEqual([error]);
		expect(before.closes).toEqual([error]);
		const late = mux.openRelay(3);
		late.start(after);
		expect(late.writable).toBe(false);
		expect(after.closes).toHaveLength(1);
	});

	it("replaces a session that is opened again", async () => {
		const { mux, gateway } = muxWithGateway();
		const [old, fresh] = [new ChannelProbe(), new ChannelProbe()];
		mux.openRelay(1).start(old);
		mux.openRelay(1).start(fresh);
		gateway.send(joinPackets([{ session: 1, body: bytes(1) }]));
		await settle();
		expect(old.closes).toEqual([undefined]);
		expect(fresh.messages).toEqual([bytes(1)]);
	});
});

describe("a relay's back-pressure", () => {
	it("follows session_pause", async () => {
		const { mux } = muxWithGateway();
		const relay = mux.openRelay(1);
		const probe = new ChannelProbe();
		relay.start(probe);
		let drained = 0;
		void probe.nextDrained().then(() => {
			drained += 1;
		});
		relay.setPaused(true);
		expect(relay.writable).toBe(false);
		expect(mux.openRelay(3).writable).toBe(true);
		relay.setPaused(true);
		await settle();
		expect(drained).toBe(0);
		relay.setPaused(false);
		await settle();
		expect(relay.writable).toBe(true);
		expect(drained).toBe(1);
	});

	it("gives every session its turn when the socket has drained", async () => {
		const { mux, atGateway } = muxWithGateway({ highWaterBytes: 100_000 });
		const counts = new Map<number, number>();
		const total = 20;
		for (const session of [1, 3, 5]) {
			const relay = mux.openRelay(session);
			const fill = (): void => {
				while (relay.writable && (counts.get(session) ?? 0) < total) {
					relay.send(new Uint8Array(100_000));
					counts.set(session, (counts.get(session) ?? 0) + 1);
				}
			};
			relay.start({
				message: () => undefined,
				drained: fill,
				closed: () => undefined,
			});
			fill();
		}
		await atGateway.count(3 * total);
		const order = atGateway.messages.map(
			(message) => packetsOf(message)[0]?.[0],
		);
		for (const session of [1, 3, 5]) {
			const served = order.slice(3, 30).filter((one) => one === session);
			expect(served.length).toBe(9);
		}
	});
});
