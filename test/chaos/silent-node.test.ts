import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type * as Functions from "../support/functions.js";
import { outcomeInTime, whenStarted } from "../support/outcome.js";
import { postJson, type RestAnswer } from "../support/rest.js";
import { SeparateNetwork } from "../support/separate-network.js";

/** Two such times of silence make a node lost. */
const INTERVAL_MS = 400;

let network: SeparateNetwork;
beforeEach(async () => {
	network = await SeparateNetwork.start({ healthCheckInterval: INTERVAL_MS });
});
afterEach(() => network.close());

/** Waits until the gateway lists a node in that state. */
async function listedAs(id: string, state: string): Promise<void> {
	for (;;) {
		const response = await fetch(`${network.url}/api/nodes`);
		const { nodes } = (await response.json()) as {
			nodes: { id: string; state: string }[];
		};
		if (nodes.find((node) => node.id === id)?.state === state) return;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

describe.each(["relay", "direct"] as const)("over the %s path", (transport) => {
	it("a node that is stopped is lost: its calls are ABORTED, new ones go elsewhere, and it comes back", async () => {
		const victim = await network.node("victim");
		await network.node("other");
		const node = await network.connected("victim", transport);
		const call = node.hang();
		await whenStarted(call);
		victim.signal("SIGSTOP");
		try {
			await listedAs("victim", "lost");
			expect(await outcomeInTime(call)).toMatchObject({ code: "ABORTED" });
			expect(await outcomeInTime(node.add(1, 2))).toMatchObject({
				code: "UNAVAILABLE",
			});
			const any = network.client().any<typeof Functions>();
			for (let count = 0; count < 10; count += 1) {
				const { meta } = await any.add(1, 2).withMeta();
				expect(meta.nodeId).toBe("other");
			}
		} finally {
			victim.signal("SIGCONT");
		}
		await listedAs("victim", "online");
		await expect
			.poll(() => outcomeInTime(node.add(1, 2)))
			.toEqual({ value: 3 });
	});
});

describe("calls over HTTP", () => {
	/** Calls that never end by themselves, once the node has told that they run. */
	async function hanging(
		count: number,
	): Promise<readonly Promise<RestAnswer>[]> {
		const calls = Array.from({ length: count }, () =>
			postJson(network.url, "victim.hang", { args: [] }),
		);
		const watching = network.client();
		while ((await watching.nodes())[0]?.load.running !== count)
			await new Promise((resolve) => setTimeout(resolve, 20));
		return calls;
	}
	const aborted = { status: 502, json: { code: "ABORTED" } };

	it("end when their node is stopped, long before their own time is up; new ones are refused until it is back", async () => {
		const victim = await network.node("victim");
		const calls = await hanging(3);
		victim.signal("SIGSTOP");
		try {
			await listedAs("victim", "lost");
			expect(await outcomeInTime(Promise.all(calls))).toMatchObject({
				value: Array(3).fill(aborted),
			});
			const next = await postJson(network.url, "victim.add", { args: [1, 2] });
			expect([next.status, next.json?.["code"]]).toEqual([503, "UNAVAILABLE"]);
		} finally {
			victim.signal("SIGCONT");
		}
		await listedAs("victim", "online");
		const after = await postJson(network.url, "victim.add", { args: [2, 2] });
		expect(after.json).toEqual({ result: 4 });
	});

	it("end at once when their node is killed", async () => {
		const victim = await network.node("victim");
		const calls = await hanging(5);
		victim.signal("SIGKILL");
		expect(await outcomeInTime(Promise.all(calls))).toMatchObject({
			value: Array(5).fill(aborted),
		});
		await listedAs("victim", "lost");
	});
});
