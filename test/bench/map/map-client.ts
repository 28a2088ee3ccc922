// Maps a trivial function over nodes.
import { type Client, createClient } from "@easyremote/client";
import { answer } from "../../support/answer.js";
import { callsPerSecond } from "../measures/calls-per-second.js";
import type * as Functions from "../product/functions.js";

let client: Client | undefined;

function functions(tag: string) {
	if (!client) throw new Error("connect first");
	return client.any<typeof Functions>({ tags: [tag] });
}

answer({
	connect: async (gateway: string) => {
		client = createClient({ gateway, transport: "relay" });
	},
	/** Items per second over the nodes with a tag. Throws if a result is missing or out of order. */
	map: async ({ tag, items }: { tag: string; items: number }) => {
		const started = performance.now();
		let next = 0;
		for await (const item of functions(tag).same.map(numbers(items))) {
			if (item !== next)
				throw new Error(`${String(item)} came instead of ${next}`);
			next += 1;
		}
		if (next !== items) throw new Error(`only ${next} results of ${items}`);
		return (items / (performance.now() - started)) * 1000;
	},
	/** Calls per second of one session, with so many in flight. */
	calls: ({
		tag,
		inFlight,
		forMs,
	}: {
		tag: string;
		inFlight: number;
		forMs: number;
	}) => {
		const { same } = functions(tag);
		const unused = () => Promise.reject(new Error("not measured here"));
		const driver = {
			call: async () => {
				await same(1);
			},
			upload: unused,
			download: unused,
		};
		return callsPerSecond(driver, { inFlight, forMs });
	},
});

function* numbers(count: number): Generator<number> {
	for (let n = 0; n < count; n += 1) yield n;
}
