// Calls what is published, from a process of its own.
import { type Client, createClient } from "@easyremote/client";
import { answer } from "../../support/answer.js";
import { checksum, type TileInput, tiles } from "./tile.js";

let client: Client | undefined;

function remote<T extends (...args: never[]) => unknown>(name: string) {
	if (!client) throw new Error("connect first");
	return client.remote<T>(name);
}

answer({
	connect: async (gateway: string) => {
		client = createClient({ gateway });
	},
	/** Tiles per second over whoever donates, and a sum that stands for all of them. */
	tiles: async (count: number) => {
		const tile = remote<(input: TileInput) => Uint8Array>("bench/tile");
		const started = performance.now();
		let sum = 0;
		for await (const pixels of tile.map(tiles(count), { ordered: false }))
			sum = (sum + checksum(pixels)) % 1_000_000_007;
		return { perSecond: (count / (performance.now() - started)) * 1000, sum };
	},
	/** Trivial items per second. Throws if a result is missing or out of order. */
	items: async (count: number) => {
		const same = remote<(value: number) => number>("bench/same");
		const inputs = Array.from({ length: count }, (_, index) => index);
		const started = performance.now();
		let next = 0;
		for await (const item of same.map(inputs)) {
			if (item !== next) throw new Error(`${String(item)} came, not ${next}`);
			next += 1;
		}
		if (next !== count) throw new Error(`only ${next} results of ${count}`);
		return (count / (performance.now() - started)) * 1000;
	},
	/** Calls until somebody answers; says when that was, ms since the epoch. */
	firstCall: async () => {
		const same = remote<(value: number) => number>("bench/same");
		for (;;) {
			try {
				await same.with({ retries: 0 })(1);
				return Date.now();
			} catch {
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
		}
	},
});
