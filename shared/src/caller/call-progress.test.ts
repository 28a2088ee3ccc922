import { afterEach, describe, expect, it } from "vitest";
import { ScriptedNetwork } from "../testing/scripted-network.js";
import { ScriptedNode } from "../testing/scripted-node.js";
import type { CallEvent } from "./call-event.js";
import type { CallProgress } from "./call-progress.js";

const BIG = 1024 * 1024;

let network: ScriptedNetwork;
afterEach(() => expect(network.close()).toBe(0));

function caller() {
	const node = new ScriptedNode("n1")
		.on("big", (call) => call.accept().answer(new Uint8Array(BIG)))
		.on("take", (call) => {
			call.accept();
			call.end.send({ type: "progress", fraction: 0.5, message: "half" });
			call.answer("taken");
		})
		.on("items", (call) => {
			call.accept(true);
			for (let item = 0; item < 4; item += 1)
				call.item(new Uint8Array(BIG).fill(item));
			call.answer();
		})
		.on("swallow", (call) => {
			call.accept();
			call.onInput = () => {
				if (call.inputsEnded.length > 0) call.answer();
			};
		});
	network = new ScriptedNetwork([node]);
	return network.caller;
}

const transfers = (heard: readonly (CallProgress | CallEvent)[]) =>
	heard.filter((each) => each.type === "transfer");

describe("the progress of a call", () => {
	it("has the bytes of a large result, with their total, up to the last", async () => {
		const heard: CallProgress[] = [];
		const { meta } = await caller()
			.call({ function: "big" }, [], {
				onProgress: (progress) => heard.push(progress),
			})
			.withMeta();
		// Time stands still: the first report, and the last.
		const [first, last, ...more] = transfers(heard);
		expect(more).toEqual([]);
		expect(first?.received).toBeLessThan(BIG);
		expect(first?.receiveTotal).toBe(meta.bytesReceived);
		expect(last).toMatchObject({
			received: meta.bytesReceived,
			receiveTotal: meta.bytesReceived,
		});
	});

	it("has the bytes of large arguments, apart from what the function says", async () => {
		const heard: CallProgress[] = [];
		const { meta } = await caller()
			.call({ function: "take" }, [new Uint8Array(BIG)], {
				onProgress: (progress) => heard.push(progress),
			})
			.withMeta();
		expect(heard.filter(({ type }) => type === "progress")).toEqual([
			{ type: "progress", fraction: 0.5, message: "half" },
		]);
		expect(transfers(heard).at(0)?.sendTotal).toBe(meta.bytesSent);
		expect(transfers(heard).at(-1)).toMatchObject({
			sent: meta.bytesSent,
			sendTotal: meta.bytesSent,
		});
		expect(meta.bytesSent).toBeGreaterThan(BIG);
	});

	it("has no total of a stream before its end, either way", async () => {
		const calls = caller();
		const items = calls.call({ function: "items" }, []);
		const events: CallEvent[] = [];
		const listening = (async () => {
			for await (const event of items.events()) events.push(event);
		})();
		for await (const _ of items);
		await listening;
		expect(transfers(events).at(0)).not.toHaveProperty("receiveTotal");
		expect(transfers(events).at(-1)?.received).toBeGreaterThan(4 * BIG);

		async function* source() {
			for (let item = 0; item < 4; item += 1) yield new Uint8Array(BIG);
		}
		const heard: CallProgress[] = [];
		await calls.call({ function: "swallow" }, [source()], {
			onProgress: (progress) => heard.push(progress),
		});
		expect(transfers(heard).at(0)).not.toHaveProperty("sendTotal");
		expect(transfers(heard).at(-1)?.sent).toBeGreaterThan(4 * BIG);
	});

	it("is among the events of the call, before it has settled", async () => {
		const call = caller().call({ function: "big" }, []);
		const types: CallEvent["type"][] = [];
		for await (const { type } of call.events()) types.push(type);
		expect(types.filter((type) => type === "transfer")).toHaveLength(2);
		expect(types.indexOf("transfer")).toBeGreaterThan(types.indexOf("routed"));
		expect(types.at(-1)).toBe("settled");
	});

	it("leaves no timer behind when the call is given up within a transfer", async () => {
		const call = caller().call({ function: "take" }, [new Uint8Array(8 * BIG)]);
		for await (const event of call.events()) {
			if (event.type === "transfer") call.cancel("enough");
			if (event.type === "settled") expect(event.status).toBe("rejected");
		}
	});
});
