import { define } from "@easyremote/shared";
import { ScriptedGateway, ScriptedNode } from "@easyremote/shared/testing";
import { ManualClock } from "@easyremote/shared/time";
import { afterEach, describe, expect, it } from "vitest";
import { Client } from "./client.js";
import { readClientOptions } from "./client-options.js";

type Result =
	| { readonly value: number }
	| {
			readonly issues: readonly {
				readonly message: string;
				readonly path: string[];
			}[];
	  };

/** A schema of positive numbers, which doubles them. */
function positive(answer: (result: Result) => Result | Promise<Result>) {
	const validate = (value: unknown) =>
		answer(
			typeof value === "number" && value > 0
				? { value: value * 2 }
				: { issues: [{ message: "must be positive", path: ["size"] }] },
		);
	const types = { input: 0, output: 0 };
	return {
		"~standard": { version: 1 as const, vendor: "test", validate, types },
	};
}

const functions = {
	now: define({ input: [positive((result) => result)] }, (_call, n) => n),
	later: define(
		{ input: [positive((result) => Promise.resolve(result))] },
		(_call, n) => n,
	),
	plain: (n: number) => n,
};

const clients: Client[] = [];
afterEach(async () => {
	for (const client of clients.splice(0)) await client.close();
});

/** A client, and the calls that its node got. */
function setup() {
	const clock = new ManualClock();
	const node = new ScriptedNode("n1");
	for (const name of Object.keys(functions))
		node.on(name, (call) => call.accept().answer(call.args[0]));
	const gateway = new ScriptedGateway([node], clock);
	const settings = readClientOptions({ gateway: "http://gw.test", rtc: false });
	const client = new Client(settings, {
		clock,
		random: () => 0.5,
		platform: {
			agent: "test",
			openSocket: gateway.openSocket,
			holdOpen: () => () => undefined,
			watchNetwork: () => () => undefined,
			environment: () => undefined,
		},
	});
	clients.push(client);
	return { client, node };
}

const refused = {
	code: "INVALID_ARGUMENT",
	details: { issues: [{ path: "args[0].size", message: "must be positive" }] },
};

describe("a client that has the functions themselves", () => {
	it.each(["now", "later"] as const)(
		"checks arguments before they are sent, in every form (schema: %s)",
		async (name) => {
			const { client, node } = setup();
			const pinned = client.node("n1", functions)[name];
			const any = client.any({}, functions)[name];
			const one = client.remote(`n1.${name}`, functions[name]);
			for (const call of [pinned, any, one, one.with({ timeout: 1_000 })])
				await expect(call(-1)).rejects.toMatchObject(refused);
			await expect(pinned.spawn(-1)).rejects.toMatchObject(refused);
			const mapped = any.map([1, -1], { retries: 0 });
			await expect(mapped.next()).resolves.toMatchObject({ value: 1 });
			await expect(mapped.next()).rejects.toMatchObject(refused);
			expect(node.calls.map(({ args }) => args)).toEqual([[1]]);
		},
	);

	it("sends what passes as it is: conversions are the node's", async () => {
		const { client, node } = setup();
		const checked = client.node("n1", functions);
		expect(await checked.now(3)).toBe(3);
		expect(await checked.later(4)).toBe(4);
		expect(await checked.plain(-5)).toBe(-5);
		expect(node.calls.map(({ args }) => args)).toEqual([[3], [4], [-5]]);
	});

	it("knows which arguments are too many", async () => {
		const { client } = setup();
		const now = client.node("n1", functions).now as (
			...args: number[]
		) => Promise<number>;
		await expect(now(1, 2)).rejects.toThrow(/at most 1/);
	});
});
