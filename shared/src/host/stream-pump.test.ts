import { describe, expect, it } from "vitest";
import { ManualClock } from "../time/manual-clock.js";
import { systemClock } from "../time/system-clock.js";
import { streamOf } from "../functions/stream-of.js";
import { StreamPump } from "./stream-pump.js";

class Sink {
	readonly items: unknown[] = [];
	capacity = Number.POSITIVE_INFINITY;
	get writable(): boolean {
		return this.items.length < this.capacity;
	}
	item(value: unknown): void {
		this.items.push(value);
	}
}

function pump(
	value: unknown,
	sink: Sink,
	clock = new ManualClock(),
): StreamPump {
	const iterator = streamOf(value);
	if (!iterator) throw new Error("not a stream");
	return new StreamPump(iterator, sink, clock);
}

async function settle(): Promise<void> {
	for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

describe("StreamPump", () => {
	it("delivers items in order, and not what the generator returns", async () => {
		const sink = new Sink();
		await pump(
			(async function* () {
				yield 1;
				yield 2;
				return "end";
			})(),
			sink,
		).run();
		expect(sink.items).toEqual([1, 2]);
	});

	it("waits for promises that a synchronous generator yields", async () => {
		const sink = new Sink();
		await pump(
			(function* () {
				yield Promise.resolve("a");
				yield "b";
			})(),
			sink,
		).run();
		expect(sink.items).toEqual(["a", "b"]);
	});

	it("does not pull while there is no room", async () => {
		let pulled = 0;
		const sink = new Sink();
		sink.capacity = 2;
		const running = pump(
			(function* () {
				while (pulled < 5) {
					pulled += 1;
					yield pulled;
				}
			})(),
			sink,
		);
		const done = running.run();
		await settle();
		expect(pulled).toBe(2);
		sink.capacity = 10;
		running.resume();
		await done;
		expect(pulled).toBe(5);
	});

	it("runs the generator's finally blocks when stopped while waiting for room", async () => {
		const sink = new Sink();
		sink.capacity = 1;
		let cleaned = false;
		const running = pump(
			(async function* () {
				try {
					for (let n = 0; ; n += 1) yield n;
				} finally {
					cleaned = true;
				}
			})(),
			sink,
		);
		const done = running.run();
		await settle();
		await running.stop();
		await done;
		expect(cleaned).toBe(true);
		expect(sink.items).toEqual([0]);
	});

	it("passes on what the generator throws, and closes it when an item cannot be sent", async () => {
		const sink = new Sink();
		await expect(
			pump(
				(async function* () {
					yield 1;
					throw new RangeError("too far");
				})(),
				sink,
			).run(),
		).rejects.toThrow("too far");

		let cleaned = false;
		const refusing = {
			writable: true,
			item: () => {
				throw new TypeError("cannot be sent");
			},
		};
		const iterator = (function* () {
			try {
				yield 1;
			} finally {
				cleaned = true;
			}
		})();
		await expect(
			new StreamPump(iterator, refusing, new ManualClock()).run(),
		).rejects.toThrow("cannot be sent");
		expect(cleaned).toBe(true);
	});

	it("lets other work run while a generator never waits", async () => {
		const sink = new Sink();
		const other = { ran: false };
		setTimeout(() => {
			other.ran = true;
		}, 0);
		const iterator = (function* () {
			while (!other.ran) yield 1;
		})();
		await new StreamPump(
			iterator,
			{ writable: true, item: () => undefined },
			systemClock,
		).run();
		expect(other.ran).toBe(true);
		expect(sink.items).toEqual([]);
	});
});
