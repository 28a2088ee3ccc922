import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type * as Functions from "../support/functions.js";
import { outcomeInTime, whenStarted } from "../support/outcome.js";
import { SeparateNetwork } from "../support/separate-network.js";

const MIB = 1024 ** 2;

let network: SeparateNetwork;
beforeEach(async () => {
	network = await SeparateNetwork.start();
});
afterEach(() => network.close());

describe.each(["relay", "direct"] as const)("over the %s path", (transport) => {
	it("a call is ABORTED when its node is killed, and calls elsewhere go on", async () => {
		const victim = await network.node("victim");
		await network.node("other");
		const node = await network.connected("victim", transport);
		const other = await network.connected("other", transport);
		const call = node.hang();
		const elsewhere = other.later(500);
		await Promise.all([whenStarted(call), whenStarted(elsewhere)]);
		victim.signal("SIGKILL");
		expect(await outcomeInTime(call)).toMatchObject({ code: "ABORTED" });
		expect(await elsewhere).toBe("done");
		expect(await other.add(1, 2)).toBe(3);
	});

	it("a call to a node that is dead already is UNAVAILABLE", async () => {
		const victim = await network.node("victim");
		const node = await network.connected("victim", transport);
		await victim.close();
		const outcome = await outcomeInTime(node.add(1, 2));
		expect(["UNAVAILABLE", "NOT_FOUND", "ABORTED"]).toContain(
			"code" in outcome ? outcome.code : "a value",
		);
	});

	it("a large transfer fails when its node is killed", async () => {
		const victim = await network.node("victim");
		const node = await network.connected("victim", transport);
		const bytes = new Uint8Array(256 * MIB);
		const call = node.echo(bytes);
		for await (const event of call.events())
			if (event.type === "transfer" && event.sent > MIB) break;
		victim.signal("SIGKILL");
		const outcome = await outcomeInTime(call);
		expect(["UNAVAILABLE", "ABORTED"]).toContain(
			"code" in outcome ? outcome.code : "a value",
		);
	});

	it("a node that is killed and started again is found again", async () => {
		const victim = await network.node("victim");
		const node = await network.connected("victim", transport);
		await victim.close();
		await network.node("victim");
		await expect
			.poll(async () => outcomeInTime(node.add(1, 2)))
			.toEqual({ value: 3 });
	});
});

describe("when the gateway is killed", () => {
	it("a call on the relay is ABORTED", async () => {
		await network.node("worker");
		const node = await network.connected("worker", "relay");
		const call = node.hang();
		await whenStarted(call);
		await network.killGateway();
		expect(await outcomeInTime(call)).toMatchObject({ code: "ABORTED" });
	});

	it("a call on the direct path gets its answer, and later ones too", async () => {
		await network.node("worker");
		const node = await network.connected("worker", "direct");
		const call = node.later(300);
		await whenStarted(call);
		await network.killGateway();
		expect(await outcomeInTime(call)).toEqual({ value: "done" });
		expect(await outcomeInTime(node.add(1, 2))).toEqual({ value: 3 });
	});

	it("a new call is UNAVAILABLE", async () => {
		await network.node("worker");
		await network.killGateway();
		const client = network.client({ retries: 0, timeout: 1500 });
		const outcome = await outcomeInTime(
			client.node<typeof Functions>("worker").add(1, 2),
		);
		expect(outcome).toMatchObject({
			code: expect.stringMatching(/UNAVAILABLE|DEADLINE_EXCEEDED/) as string,
		});
	});

	it("clients and nodes come back by themselves once it is back", async () => {
		await network.node("worker");
		const relay = await network.connected("worker", "relay");
		const direct = await network.connected("worker", "direct");
		await network.killGateway();
		await network.restartGateway();
		for (const node of [relay, direct])
			await expect
				.poll(() =>
					node.add(1, 2).then(
						(value) => value,
						() => undefined,
					),
				)
				.toBe(3);
	});

	it("a call that runs through a quick restart gets its answer, and ran once", async () => {
		await network.node("worker");
		const node = await network.connected("worker", "relay");
		const call = node.later(1000);
		await whenStarted(call);
		await network.killGateway();
		const [outcome] = await Promise.all([
			outcomeInTime(call),
			network.restartGateway(),
		]);
		// In time for the reattachment, or not: either is defined, a hang is not.
		if ("code" in outcome) expect(outcome.code).toBe("ABORTED");
		else expect(outcome.value).toBe("done");
	});
});
