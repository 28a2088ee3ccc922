import { afterEach, describe, expect, it } from "vitest";
import { EasyRemoteError } from "../../errors/easyremote-error.js";
import { ScriptedNetwork } from "../../testing/scripted-network.js";
import { ScriptedNode } from "../../testing/scripted-node.js";
import { donor, F, says } from "../../testing/scripted-donor.js";

const networks: ScriptedNetwork[] = [];

function network(nodes: readonly ScriptedNode[]): ScriptedNetwork {
	const made = new ScriptedNetwork(nodes);
	networks.push(made);
	return made;
}

afterEach(() => {
	for (const made of networks.splice(0)) expect(made.close()).toBe(0);
});

describe("a quorum", () => {
	it("waits for that many equal answers", async () => {
		const nodes = ["w", 1, 1, "w", 1, 1].map((value, at) =>
			donor(`d${at}`, says(value)),
		);
		const net = network(nodes);
		const call = net.caller.call(F, [], { quorum: 3 });
		const { value, meta } = await call.withMeta();
		expect(value).toBe(1);
		expect(meta.verified).toEqual({ answers: 5, agreed: 3 });
		expect(net.verdicts.filter(({ valid }) => !valid)).toHaveLength(2);
	});

	it("fails where there are too few donors", async () => {
		const net = network([donor("a", says(1)), donor("b", says(1))]);
		const call = net.caller.call(F, [], { quorum: 3, retries: 0 });
		await expect(call).rejects.toMatchObject({
			code: "UNAVAILABLE",
			message:
				"the call takes 3 equal answers, and 2 that could give one are online",
		});
	});

	it("fails where too few of them answer", async () => {
		const busy = new EasyRemoteError("RESOURCE_EXHAUSTED", "full");
		const net = network([
			donor("a", says(1)),
			donor("b", (call) => call.refuse(busy)),
		]);
		const call = net.caller.call(F, [], { quorum: 2, retries: 0 });
		await expect(call).rejects.toMatchObject({ code: "ABORTED" });
	});

	it.each([0, 1.5, 17, Number.NaN])("is not %s", async (quorum) => {
		const net = network([donor("a", says(1))]);
		await expect(net.caller.call(F, [], { quorum })).rejects.toMatchObject({
			code: "INVALID_ARGUMENT",
		});
	});

	it("is refused for functions whose results cannot be compared", async () => {
		const node = new ScriptedNode("n").on("f", says(1));
		const net = network([node]);
		const call = net.caller.call({ function: "f" }, [], { quorum: 2 });
		await expect(call).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
		expect(node.calls).toHaveLength(0);
	});

	it("may be of nodes that are no donors", async () => {
		const exact = { deterministic: "exact", idempotent: true } as const;
		const nodes = ["a", "b"].map((id) =>
			new ScriptedNode(id).on("f", says(1), exact),
		);
		const net = network(nodes);
		const call = net.caller.call({ function: "f" }, [], { quorum: 2 });
		expect((await call.withMeta()).meta.verified).toEqual({
			answers: 2,
			agreed: 2,
		});
		expect(net.verdicts).toEqual([]);
	});
});
