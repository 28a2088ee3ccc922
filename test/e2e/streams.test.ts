import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failure } from "../support/failure.js";
import { type Gate, gate } from "../support/gate.js";
import { Network } from "../support/network.js";

const finished = new Map<string, Gate<number>>();
const finish = (name: string): Gate<number> => {
	const known = finished.get(name) ?? gate<number>();
	finished.set(name, known);
	return known;
};

const streams = {
	/** Yields without end; tells how many it gave when it is left. */
	async *endless(name: string): AsyncGenerator<number> {
		let given = 0;
		try {
			for (;;) yield ++given;
		} finally {
			finish(name).open(given);
		}
	},
	async *upTo(to: number): AsyncGenerator<{ n: number; bytes: Uint8Array }> {
		for (let n = 1; n <= to; n += 1)
			yield { n, bytes: new Uint8Array(1000).fill(n) };
	},
	*plain(to: number): Generator<number> {
		for (let n = 1; n <= to; n += 1) yield n;
	},
	async *breaking(after: number): AsyncGenerator<number> {
		for (let n = 1; n <= after; n += 1) yield n;
		throw new RangeError("out of numbers");
	},
	async *blocks(count: number): AsyncGenerator<Uint8Array> {
		for (let n = 0; n < count; n += 1) yield new Uint8Array(1024 ** 2).fill(n);
	},
};

describe.each(["relay", "direct"] as const)(
	"a stream over the %s path",
	(transport) => {
		let network: Network;
		beforeAll(async () => {
			network = await Network.start();
			await network.node(streams, { id: "source" });
		});
		afterAll(() => network.close());
		const source = () =>
			network.client({ transport, retries: 0 }).node<typeof streams>("source");

		it("brings every item, in order, and then ends", async () => {
			const items: number[] = [];
			for await (const { n, bytes } of source().upTo(2000)) {
				expect(bytes.every((byte) => byte === n % 256)).toBe(true);
				items.push(n);
			}
			expect(items).toEqual(
				Array.from({ length: 2000 }, (_, index) => index + 1),
			);
		});

		it("may come from a plain generator, and be empty", async () => {
			const items: number[] = [];
			for await (const n of source().plain(3)) items.push(n);
			for await (const n of source().plain(0)) items.push(n);
			expect(items).toEqual([1, 2, 3]);
		});

		it("runs the generator's finally on the node when the reader leaves", async () => {
			const name = `left-${transport}`;
			for await (const n of source().endless(name)) if (n === 10) break;
			expect(await finish(name).opened).toBeGreaterThanOrEqual(10);
		});

		it("holds the generator back while nobody reads", async () => {
			const name = `slow-${transport}`;
			const stream = source().endless(name);
			for (let n = 1; n <= 3; n += 1)
				expect(await stream.next()).toEqual({ done: false, value: n });
			stream.cancel("seen enough");
			expect((await failure(stream.next())).code).toBe("CANCELLED");
			// What fits the windows was made; an endless generator that is not held back would have made far more.
			expect(await finish(name).opened).toBeLessThan(2_000_000);
		});

		it("fails where the generator fails, after the items before it", async () => {
			const items: number[] = [];
			const error = await failure(
				(async () => {
					for await (const n of source().breaking(3)) items.push(n);
				})(),
			);
			expect(items).toEqual([1, 2, 3]);
			expect(error).toMatchObject({
				code: "FUNCTION_ERROR",
				remoteName: "RangeError",
				message: "out of numbers",
			});
		});

		it("brings large blocks of bytes", async () => {
			let blocks = 0;
			for await (const block of source().blocks(16)) {
				expect(block.length).toBe(1024 ** 2);
				expect(block[0]).toBe(blocks);
				expect(block[block.length - 1]).toBe(blocks);
				blocks += 1;
			}
			expect(blocks).toBe(16);
		});

		it("says how it went when it is over", async () => {
			const stream = source().plain(5);
			for await (const _ of stream);
			expect(await stream.meta()).toMatchObject({
				nodeId: "source",
				transport,
			});
		});
	},
);
