import { describe, expect, it } from "vitest";
import { define } from "../functions/define.js";
import { hostFixture } from "./testing/host-fixture.js";
import { settle } from "./testing/scripted-caller.js";

describe("streams", () => {
	it("send their items in order and then end", async () => {
		const { caller } = hostFixture({
			*count(to: number) {
				for (let n = 1; n <= to; n += 1) yield n;
			},
			async *slow() {
				yield "a";
				await Promise.resolve();
				yield "b";
			},
			hidden: () =>
				(async function* () {
					yield 1;
				})(),
			late: async () =>
				(async function* () {
					yield 2;
				})(),
		});
		const call = caller().call("count", [3]);
		await settle();
		expect(call.values("stream_data")).toEqual([1, 2, 3]);
		expect(call.said[0]?.header).toMatchObject({
			type: "accepted",
			stream: true,
		});
		expect(call.said.at(-1)).toMatchObject({
			header: { type: "function_response" },
			value: undefined,
		});
		const slow = caller().call("slow");
		const hidden = caller().call("hidden");
		await settle();
		expect(slow.values("stream_data")).toEqual(["a", "b"]);
		expect(hidden.values("stream_data")).toEqual([1]);
		const late = caller().call("late");
		await settle();
		expect(late.said.map(({ header }) => header)).toMatchObject([
			{ type: "accepted", stream: false },
			{ type: "accepted", stream: true },
			{ type: "stream_data" },
			{ type: "function_response" },
		]);
	});

	it("are drawn no faster than they are read", async () => {
		let made = 0;
		const { caller } = hostFixture({
			*endless() {
				for (;;) {
					made += 1;
					yield made;
				}
			},
		});
		const call = caller();
		call.room = 3;
		call.call("endless");
		await settle();
		expect(made).toBe(3);
		call.drain(2);
		await settle();
		expect(made).toBe(5);
		call.fail();
	});

	it("run the generator's finally when the caller leaves", async () => {
		const log: string[] = [];
		const { caller, host } = hostFixture({
			numbers: define({}, async function* ({ signal }) {
				signal.addEventListener("abort", () => log.push("aborted"));
				try {
					for (let n = 0; ; n += 1) yield n;
				} finally {
					log.push("cleaned up");
				}
			}),
		});
		const call = caller();
		call.room = 1;
		call.call("numbers");
		await settle();
		call.fail();
		await settle();
		expect(log).toEqual(["aborted", "cleaned up"]);
		expect(host.load.running).toBe(0);
	});

	it("end with the error that the generator throws", async () => {
		const { caller } = hostFixture({
			async *broken() {
				yield 1;
				throw new Error("half way");
			},
		});
		const call = caller().call("broken");
		await settle();
		expect(call.types).toEqual(["accepted", "stream_data", "error"]);
		expect(call.error.message).toBe("half way");
	});

	it("are refused by a node that was started without streaming", () => {
		const { caller } = hostFixture(
			{
				*count() {
					yield 1;
				},
				hidden: () =>
					(function* () {
						yield 1;
					})(),
			},
			{ streaming: false },
		);
		expect(caller().call("count").error.code).toBe("UNIMPLEMENTED");
		expect(caller().call("hidden").error.code).toBe("UNIMPLEMENTED");
	});
});

describe("arguments that stream", () => {
	const total = async (numbers: AsyncIterable<number>, factor: number) => {
		let sum = 0;
		for await (const n of numbers) sum += n;
		return sum * factor;
	};

	it("arrive piece by piece, and give credit back as they are read", async () => {
		const { caller } = hostFixture({ total });
		const call = caller().call("total", [undefined, 10], { inputs: [0] });
		call.input(0, 1);
		call.input(0, 2);
		expect(call.released).toBe(1);
		await settle();
		expect(call.released).toBe(3);
		call.inputEnd(0);
		call.hangUp();
		await settle();
		expect(call.result).toBe(30);
	});

	it("fail in the function when the caller stops short", async () => {
		const { caller } = hostFixture({ total });
		const call = caller().call("total", [undefined, 1], { inputs: [0] });
		call.input(0, 1);
		call.hangUp();
		await settle();
		expect(call.error.message).toContain("ended the call within an argument");
	});

	it("are thrown away when nobody reads them", async () => {
		const { caller } = hostFixture({ ignore: () => "done" });
		const call = caller().call("ignore", [undefined], { inputs: [0] });
		await settle();
		expect(call.result).toBe("done");
		call.input(0, 1);
		expect(call.released).toBe(2);
	});

	it("must have a place among the arguments", () => {
		const { caller } = hostFixture({ total });
		expect(caller().call("total", [1], { inputs: [4] }).error.code).toBe(
			"INVALID_ARGUMENT",
		);
	});
});
