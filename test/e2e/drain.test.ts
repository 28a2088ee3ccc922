import { afterEach, beforeEach, expect, it } from "vitest";
import { type Gate, gate } from "../support/gate.js";
import { Network } from "../support/network.js";
import { postJson } from "../support/rest.js";

let network: Network;
let started: Gate;
let finished: Gate<string>;
let functions: { slow: () => Promise<string>; quick: () => string };

beforeEach(async () => {
	// Longer than a test may take: whoever waits for a drain in vain fails.
	network = await Network.start({ limits: { drainTimeoutMs: 600_000 } });
	[started, finished] = [gate(), gate<string>()];
	functions = {
		slow: () => {
			started.open();
			return finished.opened;
		},
		quick: () => "quick",
	};
	await network.node(functions, { id: "worker" });
});

afterEach(() => network.close());

/** Whether `promise` is pending for longer than a gateway needs to see that nothing runs. */
async function stillPending(promise: Promise<unknown>): Promise<boolean> {
	const waited = new Promise((resolve) => setTimeout(resolve, 500, true));
	return (await Promise.race([promise.then(() => false), waited])) as boolean;
}

it("lets a REST call finish, takes no new ones, and then closes", async () => {
	const answer = postJson(network.url, "slow", { args: [] });
	await started.opened;
	const closed = network.gateway.close();
	const refused = await postJson(network.url, "quick", { args: [] });
	expect([refused.status, refused.json?.["code"]]).toEqual([
		503,
		"UNAVAILABLE",
	]);
	expect((await fetch(`${network.url}/readyz`)).status).toBe(503);
	expect(await stillPending(closed)).toBe(true);
	finished.open("done");
	expect((await answer).json).toEqual({ result: "done" });
	await closed;
	await expect(fetch(network.url)).rejects.toThrow();
});

it("lets a client's silent call over the relay finish, and then closes", async () => {
	const client = network.client({ transport: "relay" });
	const call = client.remote<typeof functions.slow>("worker.slow")();
	await started.opened;
	const closed = network.gateway.close();
	expect(await stillPending(closed)).toBe(true);
	finished.open("done");
	expect(await call).toBe("done");
	await closed;
});

it("does not wait for clients that call nothing", async () => {
	const client = network.client({ transport: "relay" });
	expect(await client.remote<typeof functions.quick>("worker.quick")()).toBe(
		"quick",
	);
	await network.gateway.close();
});

it("does not wait longer than it is told to", async () => {
	const impatient = await Network.start({ limits: { drainTimeoutMs: 200 } });
	await impatient.node(
		{ hang: () => new Promise<never>(() => undefined) },
		{ id: "worker", drainTimeout: 0 },
	);
	const answer = postJson(impatient.url, "hang", { args: [] });
	await expect
		.poll(
			async () =>
				(await (await fetch(`${impatient.url}/api/report`)).json()) as unknown,
		)
		.toMatchObject({ http: { running: 1 } });
	await impatient.gateway.close();
	expect((await answer).status).toBe(503);
	await impatient.close();
});
