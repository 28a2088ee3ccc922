import { afterEach, describe, expect, it } from "vitest";
import { ScriptedNetwork } from "../testing/scripted-network.js";
import { ScriptedNode } from "../testing/scripted-node.js";

const networks: ScriptedNetwork[] = [];

function network(nodes: readonly ScriptedNode[]): ScriptedNetwork {
	const made = new ScriptedNetwork(nodes);
	networks.push(made);
	return made;
}

afterEach(() => {
	for (const made of networks.splice(0)) expect(made.close()).toBe(0);
});

describe("a call's Blob", () => {
	it("holds bytes, of the type that was asked for", async () => {
		const node = new ScriptedNode("n1")
			.on("bytes", (call) => call.accept().answer(new Uint8Array([1, 2, 3])))
			.on("text", (call) => call.accept().answer("text"));
		const { caller } = network([node]);
		const blob = await caller.call({ function: "bytes" }, []).blob("image/png");
		expect(blob.type).toBe("image/png");
		expect([...new Uint8Array(await blob.arrayBuffer())]).toEqual([1, 2, 3]);
		const call = caller.call({ function: "text" }, []);
		await expect(call.blob()).rejects.toMatchObject({
			code: "INVALID_ARGUMENT",
			callId: call.id,
		});
	});

	it("gathers the items of a stream of bytes", async () => {
		const node = new ScriptedNode("n1")
			.on("bytes", (call) => {
				call.accept(true);
				for (const byte of [1, 2]) call.item(new Uint8Array([byte, byte]));
				call.answer();
			})
			.on("mixed", (call) => {
				call.accept(true).item(new Uint8Array(1));
				call.item("text");
			});
		const { caller } = network([node]);
		const blob = await caller.call({ function: "bytes" }, []).blob();
		expect([...new Uint8Array(await blob.arrayBuffer())]).toEqual([1, 1, 2, 2]);
		const call = caller.call({ function: "mixed" }, []);
		await expect(call.blob()).rejects.toThrow("an item that is no bytes");
		// Nobody reads the rest.
		expect(node.calls.at(-1)?.cancelledWith?.code).toBe("CANCELLED");
	});
});
