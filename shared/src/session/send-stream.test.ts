import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SendStream } from "./send-stream.js";

const step = fc.oneof(
	fc.record({ do: fc.constant("write"), bytes: fc.nat({ max: 40 }) }),
	fc.record({ do: fc.constant("cut"), bytes: fc.integer({ min: 1, max: 30 }) }),
	fc.record({ do: fc.constant("acknowledge"), bytes: fc.nat({ max: 30 }) }),
	fc.record({ do: fc.constant("rewind"), bytes: fc.nat({ max: 30 }) }),
);

describe("SendStream", () => {
	it("delivers every byte in order whatever is cut, acknowledged and sent again", () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
				const stream = new SendStream(Number.MAX_SAFE_INTEGER);
				const written: number[] = [];
				const received: number[] = [];
				let next = 0;
				const take = (maxBytes: number) => {
					const cut = stream.cut(maxBytes);
					if (!cut) return false;
					expect(cut.offset).toBeLessThanOrEqual(received.length);
					received.push(...cut.bytes.subarray(received.length - cut.offset));
					return true;
				};
				for (const { do: action, bytes } of steps) {
					// A receiver names only what it has.
					const known = Math.max(
						stream.acknowledged,
						Math.max(0, received.length - bytes),
					);
					if (action === "write") {
						const piece = Uint8Array.from(
							{ length: bytes },
							() => next++ % 256,
						);
						if (bytes > 0) stream.write([piece]);
						written.push(...piece);
					} else if (action === "cut") take(bytes);
					else if (action === "acknowledge")
						expect(stream.acknowledge(known)).toBe(true);
					else expect(stream.rewind(known)).toBe(true);
				}
				stream.end();
				while (take(7));
				expect(received).toEqual(written);
				expect(stream.acknowledge(received.length + 1)).toBe(true);
				expect(stream.finished).toBe(true);
			}),
		);
	});

	it("stops at the credit and goes on with more", () => {
		const stream = new SendStream(10);
		stream.write([new Uint8Array(25)]);
		expect(stream.cut(100)?.bytes.length).toBe(10);
		expect(stream.cut(100)).toBeUndefined();
		expect(stream.credit(8)).toBe(false);
		expect(stream.credit(20)).toBe(true);
		expect(stream.cut(100)).toMatchObject({ offset: 10, fin: false });
	});

	it("refuses acknowledgements of what was never sent", () => {
		const stream = new SendStream(100);
		stream.write([new Uint8Array(10)]);
		stream.cut(5);
		expect(stream.acknowledge(6)).toBe(false);
		expect(stream.rewind(6)).toBe(false);
	});

	it("sends the end alone when the bytes went before it, and again after a rewind", () => {
		const stream = new SendStream(100);
		stream.write([new Uint8Array(4)]);
		expect(stream.cut(10)?.fin).toBe(false);
		stream.end();
		expect(stream.cut(10)).toEqual({
			offset: 4,
			bytes: new Uint8Array(0),
			fin: true,
		});
		stream.rewind(4);
		expect(stream.cut(10)?.fin).toBe(true);
		stream.rewind(5);
		expect(stream.sendable).toBe(false);
	});
});
