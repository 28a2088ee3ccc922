import { AsyncQueue } from "@easyremote/shared/async";
import { type EncodedValue, encodeValue } from "@easyremote/shared/codec";
import { ManualClock } from "@easyremote/shared/time";
import { describe, expect, it } from "vitest";
import type { StreamForm } from "./accept.js";
import { HEARTBEAT_MS, streamBody } from "./stream-answer.js";

const ITEM = encodeValue(1, { format: "json" });

/** A stream whose items come when the test says so. */
function open(form: StreamForm) {
	const clock = new ManualClock();
	const items = new AsyncQueue<EncodedValue | undefined>();
	let over = false;
	const done = () => {
		over = true;
	};
	const body = streamBody({ items, form, callId: "c1", clock, done });
	const reader = body.getReader();
	const read = async () => {
		const { value } = await reader.read();
		return value && new TextDecoder().decode(value);
	};
	return {
		clock,
		items,
		read,
		leave: () => reader.cancel(),
		isOver: () => over,
	};
}

describe("events that are long in coming", () => {
	it("have comments before them, as often as it takes", async () => {
		const { clock, items, read, isOver } = open("events");
		await clock.advance(HEARTBEAT_MS);
		expect(await read()).toBe(":\n\n");
		await clock.advance(HEARTBEAT_MS);
		expect(await read()).toBe(":\n\n");
		items.push(ITEM);
		expect(await read()).toBe("data: 1\n\n");
		items.end();
		expect(await read()).toBe("event: end\ndata:\n\n");
		expect(await read()).toBeUndefined();
		expect(isOver()).toBe(true);
		expect(clock.pending).toBe(0);
	});

	it("have none where each comes soon after the one before", async () => {
		const { clock, items, read, leave } = open("events");
		for (let n = 0; n < 3; n += 1) {
			await clock.advance(HEARTBEAT_MS - 1);
			items.push(ITEM);
			expect(await read()).toBe("data: 1\n\n");
		}
		await leave();
	});

	it("are waited for no longer when the reader leaves", async () => {
		const { clock, leave, isOver } = open("events");
		await clock.advance(1);
		await leave();
		await clock.advance(0);
		expect(isOver()).toBe(true);
		expect(clock.pending).toBe(0);
	});
});

it("lines are never empty ones", async () => {
	const { clock, items, read, leave } = open("lines");
	await clock.advance(10 * HEARTBEAT_MS);
	expect(clock.pending).toBe(0);
	items.push(ITEM);
	expect(await read()).toBe("1\n");
	await leave();
});
