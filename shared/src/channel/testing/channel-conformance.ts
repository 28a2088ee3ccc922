import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deferred } from "../../async/deferred.js";
import { EasyRemoteError } from "../../errors/easyremote-error.js";
import { systemClock } from "../../time/system-clock.js";
import type { Channel } from "../channel.js";
import { ChannelProbe } from "./channel-probe.js";

/** Two joined ends, and how to free what is beneath them. */
export interface ChannelPair {
	readonly a: Channel;
	readonly b: Channel;
	dispose(): Promise<void>;
}

const MIB = 1024 * 1024;
const BULK_BYTES = 64 * MIB;

/** Bytes that differ from place to place, so that mixed-up parts are noticed. */
export function pattern(length: number, seed: number): Uint8Array {
	const bytes = new Uint8Array(length);
	for (let index = 0; index < length; index += 1) {
		bytes[index] = (index * 31 + seed * 7 + (index >>> 8)) & 0xff;
	}
	return bytes;
}

/** As `toEqual`, which is too slow for large messages. */
function expectSame(actual: Uint8Array, expected: Uint8Array): void {
	expect(actual.length).toBe(expected.length);
	expect(sameBytes(actual, expected)).toBe(true);
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
	for (let index = 0; index < other.length; index += 1) {
		if (one[index] !== other[index]) return false;
	}
	return one.length === other.length;
}

/** Gives the transport time to bring what is under way, were it to do so unasked. */
async function someTurns(): Promise<void> {
	for (let turn = 0; turn < 10; turn += 1) {
		await new Promise<void>((resolve) => systemClock.schedule(0, resolve));
	}
}

/** The cases that every implementation of `Channel` passes. */
export function describeChannel(
	name: string,
	makePair: () => Promise<ChannelPair>,
): void {
	describe(`channel: ${name}`, () => {
		let pair: ChannelPair;
		let a: Channel;
		let b: Channel;
		let atA: ChannelProbe;
		let atB: ChannelProbe;

		beforeEach(async () => {
			pair = await makePair();
			({ a, b } = pair);
			atA = new ChannelProbe();
			atB = new ChannelProbe();
		});

		afterEach(async () => {
			await pair.dispose();
		});

		it("delivers messages of every size whole and in order, both ways", async () => {
			a.start(atA);
			b.start(atB);
			const sizes = [1, 2, 7, 1000, 4096, 65_535, a.maxMessageBytes, 1];
			for (const [seed, size] of sizes.entries()) {
				a.send(pattern(size, seed));
				b.send(pattern(size, seed + 100));
			}
			await Promise.all([atA.count(sizes.length), atB.count(sizes.length)]);
			for (const [seed, size] of sizes.entries()) {
				expectSame(atB.at(seed), pattern(size, seed));
				expectSame(atA.at(seed), pattern(size, seed + 100));
			}
		});

		it("sends views into larger buffers as what they show", async () => {
			b.start(atB);
			a.start(atA);
			const whole = pattern(1000, 3);
			const copy = whole.slice(100, 110);
			a.send(whole.subarray(100, 110));
			await atB.count(1);
			expect(atB.at(0)).toEqual(copy);
			expect(atB.at(0)).toBeInstanceOf(Uint8Array);
		});

		it("has its own copy of what it says may be written over", async () => {
			a.start(atA);
			b.start(atB);
			const sizes = [1, 1000, 65_536, a.maxMessageBytes];
			for (const [seed, size] of sizes.entries()) {
				const message = pattern(size, seed);
				a.send(message);
				if (size >= a.copiesFrom) message.fill(0);
			}
			await atB.count(sizes.length);
			for (const [seed, size] of sizes.entries())
				expectSame(atB.at(seed), pattern(size, seed));
		});

		it("keeps what arrives before start", async () => {
			a.start(atA);
			for (let seed = 0; seed < 20; seed += 1) a.send(pattern(100, seed));
			await someTurns();
			expect(atB.messages).toHaveLength(0);
			b.start(atB);
			await atB.count(20);
			for (let seed = 0; seed < 20; seed += 1) {
				expect(atB.at(seed)).toEqual(pattern(100, seed));
			}
		});

		it("lets sent messages arrive before a close, and reports it once to each end", async () => {
			a.start(atA);
			b.start(atB);
			for (let seed = 0; seed < 50; seed += 1) a.send(pattern(5000, seed));
			a.close();
			expect(atA.closes).toHaveLength(0);
			await Promise.all([atA.ended, atB.ended]);
			expect(atB.messages).toHaveLength(50);
			a.close();
			b.close();
			await someTurns();
			expect(atA.closes).toEqual([undefined]);
			expect(atB.closes).toEqual([undefined]);
		});

		it("tells a close on failure from one on purpose", async () => {
			a.start(atA);
			b.start(atB);
			const error = new EasyRemoteError("RESOURCE_EXHAUSTED", "too slow");
			a.close(error);
			await Promise.all([atA.ended, atB.ended]);
			expect(atA.closes).toEqual([error]);
			expect(atB.closes).toHaveLength(1);
			expect(atB.closes[0]).toBeInstanceOf(EasyRemoteError);
		});

		it("closes from both ends at once", async () => {
			a.start(atA);
			b.start(atB);
			a.close();
			b.close();
			await Promise.all([atA.ended, atB.ended]);
			await someTurns();
			expect(atA.closes).toEqual([undefined]);
			expect(atB.closes).toEqual([undefined]);
		});

		it("reports an end that came before start", async () => {
			a.start(atA);
			a.send(pattern(10, 1));
			a.close();
			await atA.ended;
			await someTurns();
			b.start(atB);
			await atB.ended;
			expect(atB.messages).toHaveLength(1);
			expect(atB.closes).toEqual([undefined]);
		});

		it("ignores what is sent or awaited after close", async () => {
			a.start(atA);
			b.start(atB);
			a.close();
			a.send(pattern(10, 1));
			expect(a.writable).toBe(false);
			await Promise.all([atA.ended, atB.ended]);
			a.send(pattern(10, 1));
			b.send(pattern(10, 1));
			await someTurns();
			expect(atA.messages).toHaveLength(0);
			expect(atB.messages).toHaveLength(0);
			expect(b.writable).toBe(false);
		});

		it("delivers nothing after its user has closed it, even from within a handler", async () => {
			a.start(atA);
			b.start({
				message: (bytes) => {
					atB.message(bytes);
					b.close();
				},
				drained: () => atB.drained(),
				closed: (error) => atB.closed(error),
			});
			for (let seed = 0; seed < 5; seed += 1) a.send(pattern(10, seed));
			await Promise.all([atA.ended, atB.ended]);
			expect(atB.messages).toHaveLength(1);
		});

		it("refuses an empty message and one that is too large", () => {
			expect(() => a.send(new Uint8Array(0))).toThrow(EasyRemoteError);
			expect(() => a.send(new Uint8Array(a.maxMessageBytes + 1))).toThrow(
				EasyRemoteError,
			);
		});

		it("stops being writable when filled, says when it drained, and loses nothing", async () => {
			a.start(atA);
			b.start(atB);
			const drained = atA.nextDrained();
			let sent = 0;
			while (a.writable && sent * a.maxMessageBytes < 32 * MIB) {
				a.send(pattern(a.maxMessageBytes, sent));
				sent += 1;
			}
			expect(a.writable).toBe(false);
			// It must take what is sent all the same.
			a.send(pattern(a.maxMessageBytes, sent));
			await drained;
			expect(a.writable).toBe(true);
			await atB.count(sent + 1);
			expectSame(atB.at(sent), pattern(a.maxMessageBytes, sent));
		});

		it("carries 10,000 small messages in order", async () => {
			a.start(atA);
			b.start(atB);
			for (let index = 0; index < 10_000; index += 1) {
				const message = new Uint8Array(20);
				new DataView(message.buffer).setUint32(0, index);
				a.send(message);
			}
			await atB.count(10_000);
			for (const [index, message] of atB.messages.entries()) {
				const view = new DataView(message.buffer, message.byteOffset);
				expect(view.getUint32(0)).toBe(index);
			}
		});

		it("carries 64 MiB for a sender that heeds writable", async () => {
			const size = Math.min(a.maxMessageBytes, 64 * 1024);
			const total = BULK_BYTES / size;
			const sample = pattern(size, 5);
			const allArrived = deferred();
			let received = 0;
			let faults = 0;
			b.start({
				message: (bytes) => {
					const index = new DataView(bytes.buffer, bytes.byteOffset).getUint32(
						0,
					);
					if (index !== received || bytes.length !== size) faults += 1;
					if (!sameBytes(bytes.subarray(4), sample.subarray(4))) {
						faults += 1;
					}
					received += 1;
					if (received === total) allArrived.resolve();
				},
				drained: () => undefined,
				closed: (error) =>
					allArrived.reject(error ?? new Error("closed too early")),
			});
			let sent = 0;
			const sendMore = (): void => {
				while (sent < total && a.writable) {
					const message = sample.slice();
					new DataView(message.buffer).setUint32(0, sent);
					a.send(message);
					sent += 1;
				}
			};
			a.start({
				message: () => undefined,
				drained: sendMore,
				closed: (error) =>
					allArrived.reject(error ?? new Error("closed too early")),
			});
			sendMore();
			await allArrived.promise;
			expect(faults).toBe(0);
			expect(received).toBe(total);
		}, 60_000);
	});
}
