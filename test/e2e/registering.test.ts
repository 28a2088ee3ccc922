import { createClient } from "@easyremote/client";
import { createNode } from "@easyremote/node-runtime";
import { define } from "@easyremote/shared";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { failure } from "../support/failure.js";
import * as functions from "../support/functions.js";
import { EAGER, Network } from "../support/network.js";

let network: Network;
beforeEach(async () => {
	network = await Network.start();
});
afterEach(() => network.close());

const area = define(
	{
		description: "Area of a rectangle",
		input: [z.object({ width: z.number().positive(), height: z.number() })],
		output: z.number(),
		timeout: "5s",
		idempotent: true,
	},
	(call, { width, height }) => {
		call.signal.throwIfAborted();
		return width * height;
	},
);

const lying = define({ output: z.string() }, () => 5 as unknown as string);

describe("a node's functions", () => {
	it("are named by the keys of a module", async () => {
		await network.node(functions, { id: "worker" });
		const node = network.client().node<typeof functions>("worker");
		expect(await node.add(40, 2)).toBe(42);
	});

	it("may be registered one by one, by their own name or by another, with options", async () => {
		const node = network.own(
			createNode({ gateway: network.url, id: "worker", ...EAGER }),
		);
		node.register(functions.add, { concurrency: 8 });
		node.register("mul", (a: number, b: number) => a * b, { public: true });
		await node.serve();
		const client = network.client();
		expect(await client.remote<typeof functions.add>("worker.add")(1, 2)).toBe(
			3,
		);
		expect(await client.remote<typeof functions.add>("mul")(6, 7)).toBe(42);
	});

	it("are announced at once when registered after serve()", async () => {
		const node = await network.node({ add: functions.add }, { id: "worker" });
		const client = network.client();
		await client.remote<typeof functions.add>("worker.add")(1, 1);
		node.register("late", () => "here");
		await expect
			.poll(async () => (await client.functions()).map(({ name }) => name))
			.toContain("late");
		expect(await client.remote<() => string>("worker.late")()).toBe("here");
	});
});

describe("define()", () => {
	beforeEach(async () => {
		await network.node({ area, lying }, { id: "shapes" });
	});

	it("keeps the function callable where it stands", async () => {
		expect(area({ width: 2, height: 3 })).toBe(6);
	});

	it("checks arguments at the node, and names what is wrong", async () => {
		const shapes = network.client().node<{ area: typeof area }>("shapes");
		expect(await shapes.area({ width: 2, height: 3 })).toBe(6);
		const error = await failure(shapes.area({ width: -2, height: 3 }));
		expect(error.code).toBe("INVALID_ARGUMENT");
		expect(error.message).toContain("width");
		expect(error.retryable).toBe(false);
	});

	it("checks results", async () => {
		const shapes = network.client().node<{ lying: typeof lying }>("shapes");
		const error = await failure(shapes.lying());
		expect(error.code).toBe("FUNCTION_ERROR");
		expect(error.message).toMatch(/string/);
	});

	it("shows in the list of functions", async () => {
		const client = network.own(createClient({ gateway: network.url }));
		const listed = await client.functions();
		expect(listed.find(({ name }) => name === "area")).toMatchObject({
			description: "Area of a rectangle",
		});
		expect((await client.nodes()).map(({ id }) => id)).toEqual(["shapes"]);
	});
});
