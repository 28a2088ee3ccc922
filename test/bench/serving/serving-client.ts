// Calls functions that run inline and in worker threads, and reads streams, over the relay.
import { type Client, createClient } from "@easyremote/client";
import { answer } from "../../support/answer.js";
import { roundTrip } from "../measures/round-trip.js";
import type * as Functions from "../product/functions.js";

let client: Client | undefined;

function functions() {
	if (!client) throw new Error("connect first");
	return client.any<typeof Functions & { isolated(value: number): number }>();
}

answer({
	connect: async (gateway: string) => {
		client = createClient({ gateway, transport: "relay" });
	},
	/** Median round trip of a function, ms. */
	roundTrip: ({
		name,
		count,
	}: {
		name: "same" | "isolated";
		count: number;
	}) => {
		const called = functions()[name];
		const unused = () => Promise.reject(new Error("not measured here"));
		const driver = {
			call: async () => {
				await called(1);
			},
			upload: unused,
			download: unused,
		};
		return roundTrip(driver, count);
	},
	/** Items of a stream per second. Throws if one is missing or out of order. */
	stream: async (items: number) => {
		const started = performance.now();
		let next = 0;
		for await (const item of functions().numbers(items)) {
			if (item !== next) throw new Error(`${item} came instead of ${next}`);
			next += 1;
		}
		if (next !== items) throw new Error(`only ${next} items of ${items}`);
		return (items / (performance.now() - started)) * 1000;
	},
});
