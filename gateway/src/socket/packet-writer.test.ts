import { ManualClock } from "@easyremote/shared/time";
import { beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import { FlushQueue } from "./flush-queue.js";
import { PacketWriter } from "./packet-writer.js";

const KIB = 1024;

let clock: ManualClock;
let sent: Uint8Array[];
let written: (() => void)[];
let turn: (() => void)[];
let events: string[];
let writer: PacketWriter;

/** Ends the present turn of the event loop. */
function endTurn(): void {
	for (const task of turn.splice(0)) task();
}

/** The operating system takes everything handed over so far. */
function drain(): void {
	for (const done of written.splice(0)) done();
}

const packet = (length: number, value = 0) =>
	new Uint8Array(length).fill(value);
const sizes = () => sent.map(({ length }) => length);

beforeEach(() => {
	clock = new ManualClock();
	sent = [];
	written = [];
	turn = [];
	events = [];
	writer = new PacketWriter({
		transport: {
			send: (message, done) => {
				sent.push(message);
				written.push(done);
			},
		},
		flushQueue: new FlushQueue((task) => turn.push(task)),
		clock,
		marks: DEFAULT_LIMITS,
		relieved: () => events.push("relieved"),
		hopeless: () => events.push("hopeless"),
	});
});

describe("small packets", () => {
	it("leave at once while there is one a turn", () => {
		for (let count = 1; count <= 3; count += 1) {
			writer.write(packet(100));
			expect(sent).toHaveLength(count);
			endTurn();
		}
	});

	it("share a message, in order, when a turn brings many", () => {
		for (let value = 0; value < 5; value += 1) writer.write(packet(10, value));
		expect(sizes()).toEqual([10]);
		endTurn();
		expect(sizes()).toEqual([10, 40]);
		for (let value = 5; value < 8; value += 1) writer.write(packet(10, value));
		expect(sizes()).toEqual([10, 40]);
		endTurn();
		expect(sizes()).toEqual([10, 40, 30]);
		const values = sent.flatMap((message) =>
			[...message].filter((_, index) => index % 10 === 0),
		);
		expect(values).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
	});

	it("fill messages of at most 64 KiB", () => {
		for (let count = 0; count < 20; count += 1) writer.write(packet(10 * KIB));
		endTurn();
		expect(sizes().reduce((sum, size) => sum + size)).toBe(200 * KIB);
		expect(Math.max(...sizes())).toBe(60 * KIB);
	});
});

describe("large packets", () => {
	it("leave at once and uncopied, behind the small ones before them", () => {
		const large = packet(200 * KIB);
		writer.write(packet(1));
		writer.write(packet(2));
		writer.write(large);
		expect(sizes()).toEqual([1, 2, 200 * KIB]);
		expect(sent[2]).toBe(large);
	});

	it("wait here, not in the socket, when it takes no more", () => {
		for (let count = 0; count < 8; count += 1) writer.write(packet(200 * KIB));
		expect(sent).toHaveLength(3);
		endTurn();
		drain();
		expect(sent).toHaveLength(6);
		expect(writer.buffered).toBe(5 * 200 * KIB);
	});

	it("are overtaken by what is urgent", () => {
		for (let count = 0; count < 8; count += 1) writer.write(packet(200 * KIB));
		endTurn();
		writer.writeUrgent(packet(5));
		drain();
		expect(sizes()[3]).toBe(5);
	});
});

describe("a slow reader", () => {
	it("is congested above 1 MiB and relieved below 512 KiB", () => {
		for (let count = 0; count < 5; count += 1) writer.write(packet(200 * KIB));
		expect(writer.congested).toBe(false);
		writer.write(packet(200 * KIB));
		expect(writer.congested).toBe(true);
		endTurn();
		drain();
		expect(events).toEqual([]);
		drain();
		expect([writer.congested, events]).toEqual([false, ["relieved"]]);
	});

	it("is hopeless above 8 MiB, which is said once", () => {
		for (let count = 0; count < 50; count += 1) writer.write(packet(200 * KIB));
		expect(events).toEqual(["hopeless"]);
	});

	it("is stalled from when something should have moved", async () => {
		await clock.advance(60_000);
		expect(writer.stalledMs()).toBe(0);
		writer.write(packet(200 * KIB));
		writer.write(packet(200 * KIB));
		await clock.advance(4_000);
		expect(writer.stalledMs()).toBe(4_000);
		written.shift()?.();
		await clock.advance(1_000);
		expect(writer.stalledMs()).toBe(1_000);
		drain();
		expect(writer.stalledMs()).toBe(0);
	});
});

describe("the end", () => {
	it("hands over all that waits, and then nothing more", () => {
		for (let count = 0; count < 8; count += 1) writer.write(packet(200 * KIB));
		writer.finish();
		writer.write(packet(1));
		writer.writeUrgent(packet(1));
		expect(sizes()).toEqual(Array.from({ length: 8 }, () => 200 * KIB));
	});

	it("drops all that waits where it is told to", () => {
		for (let count = 0; count < 8; count += 1) writer.write(packet(200 * KIB));
		writer.discard();
		drain();
		endTurn();
		expect(sent).toHaveLength(3);
	});
});
