import { request } from "node:http";
import { define } from "@easyremote/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { failure } from "../support/failure.js";
import { Network } from "../support/network.js";
import { packet, RawSocket } from "../support/raw-socket.js";
import { post, postJson } from "../support/rest.js";

const functions = {
	add: (a: number, b: number) => a + b,
	resize: define(
		{
			input: [
				z.instanceof(Uint8Array),
				z.object({ width: z.number().int().positive() }),
			],
		},
		(_call, bytes, { width }) => bytes.length * width,
	),
	tick: () => "tock",
};

let network: Network;
/** Calls beside everything that goes on here: whoever sends nonsense, it must not notice. */
let bystander: { stop(): Promise<number> };
beforeAll(async () => {
	network = await Network.start();
	await network.node(functions, { id: "worker" });
	const client = network.client({ retries: 0 });
	let disconnects = 0;
	client.addEventListener("state", () => {
		disconnects += 1;
	});
	const { tick } = client.node<typeof functions>("worker");
	await tick();
	const seenAtStart = disconnects;
	let going = true;
	let answered = 0;
	const tickOn = async () => {
		while (going) {
			expect(await tick()).toBe("tock");
			answered += 1;
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	};
	const run = tickOn();
	bystander = {
		stop: async () => {
			going = false;
			await run;
			expect(disconnects).toBe(seenAtStart);
			return answered;
		},
	};
});
afterAll(async () => {
	expect(await bystander.stop()).toBeGreaterThan(0);
	await network.close();
});

describe("a caller's mistakes", () => {
	const worker = () =>
		network.client({ retries: 0 }).node<typeof functions>("worker");

	it("a wrong type is INVALID_ARGUMENT that names where", async () => {
		const wrong = { width: "wide" } as unknown as { width: number };
		const error = await failure(worker().resize(new Uint8Array(1), wrong));
		expect(error).toMatchObject({ code: "INVALID_ARGUMENT", retryable: false });
		expect(error.message).toContain("width");
	});

	it("a missing argument is INVALID_ARGUMENT", async () => {
		const short = worker().resize as unknown as (
			bytes: Uint8Array,
		) => Promise<number>;
		expect((await failure(short(new Uint8Array(1)))).code).toBe(
			"INVALID_ARGUMENT",
		);
	});

	it("a value that cannot travel is INVALID_ARGUMENT", async () => {
		const takesAnything = worker().add as unknown as (
			value: unknown,
		) => Promise<number>;
		expect((await failure(takesAnything(() => 1))).code).toBe(
			"INVALID_ARGUMENT",
		);
	});

	it.each(["", "a.b.c", "../etc", "1add", "a b", "x".repeat(65), "worker.\0"])(
		"%j is not a reference",
		async (reference) => {
			const client = network.client({ retries: 0 });
			const made = (async () => client.remote<() => number>(reference)())();
			expect((await failure(made)).code).toBe("INVALID_ARGUMENT");
		},
	);

	it.each([
		[{ timeout: "soon" }, "timeout"],
		[{ transport: "carrier pigeon" }, "transport"],
		[{ retries: -1 }, "retries"],
		[{ tiemout: 5 }, "tiemout"],
	])("options %j are refused by name", async (options, name) => {
		const made = (async () => worker().add.with(options as object)(1, 2))();
		const error = await failure(made);
		expect(error.code).toBe("INVALID_ARGUMENT");
		expect(error.message).toContain(name);
	});
});

describe("REST", () => {
	it.each(
		["", "{", '{"args": [1,', "[1, 2]", '"text"', "nul", '{"args": {}}'].map(
			(body) => ({ body }),
		),
	)("answers $body with 400", async ({ body }) => {
		const answer = await post(
			network.url,
			"worker.add",
			body === "" ? "\u{1}" : body,
			{
				"content-type": "application/json",
			},
		);
		expect(answer).toMatchObject({
			status: 400,
			json: { code: "INVALID_ARGUMENT" },
		});
	});

	it("answers a type it does not take with INVALID_ARGUMENT", async () => {
		const answer = await post(network.url, "worker.add", "<args/>", {
			"content-type": "text/xml",
		});
		expect(answer.json).toMatchObject({ code: "INVALID_ARGUMENT" });
	});

	it.each([
		"%2e%2e%2fetc",
		"%00",
		"worker.%00add",
		"a%2Fb%2Fc%2Fd",
		"%",
		"worker.add%0d%0ax",
		"__proto__%20",
		"x".repeat(65),
	])("answers the name %s with a problem, not a crash", async (name) => {
		// By hand: fetch would tidy the path up.
		const { status, body } = await rawPost(network.url, `/api/${name}`);
		expect([400, 404, 414]).toContain(status);
		expect(body).not.toMatch(/\.ts:|node_modules/);
	});

	it("finds nothing on an object's prototype", async () => {
		for (const name of [
			"__proto__",
			"constructor",
			"toString",
			"worker.constructor",
			"worker.hasOwnProperty",
		])
			expect(await postJson(network.url, name, { args: [] })).toMatchObject({
				status: 404,
				json: { code: "NOT_FOUND" },
			});
	});

	it("refuses a body over its limit with 413", async () => {
		const small = await Network.start({ limits: { maxBodyBytes: 1000 } });
		try {
			await small.node(functions, { id: "worker" });
			const answer = await postJson(small.url, "worker.add", {
				args: ["x".repeat(2000)],
			});
			expect(answer).toMatchObject({
				status: 413,
				json: { code: "RESOURCE_EXHAUSTED" },
			});
		} finally {
			await small.close();
		}
	});
});

describe("a raw socket", () => {
	const doors = ["/clients", "/nodes/stranger"];
	const hello = (payload: object) =>
		packet(0, new TextEncoder().encode(JSON.stringify(payload)));
	const nonsense: readonly [string, string | Uint8Array, readonly number[]][] =
		[
			["text", "hello", [4400]],
			["nothing", new Uint8Array(0), [4400]],
			["half a packet header", new Uint8Array([0, 0, 0]), [4400]],
			["a packet that ends early", packet(0, new Uint8Array(10), 5000), [4400]],
			[
				"a packet with bytes behind it",
				packet(0, new Uint8Array(10), 5),
				[4400],
			],
			[
				"control that is not msgpack",
				packet(0, new Uint8Array([0xc1, 0xc1, 0xc1])),
				[4400],
			],
			["control that is JSON", hello({ type: "hello" }), [4400]],
			[
				"control nested without end",
				packet(0, new Uint8Array(100_000).fill(0x91)),
				[4400],
			],
			[
				"a control message over 256 KiB",
				packet(0, new Uint8Array(300_000)),
				[4400],
			],
			[
				"a message over 1 MiB",
				packet(0, new Uint8Array(1_100_000)),
				[4400, 1009],
			],
		];
	describe.each(doors)("at %s", (door) => {
		it.each(nonsense)(
			"that sends %s is closed",
			async (_what, message, codes) => {
				const socket = await RawSocket.open(network.url, door);
				try {
					socket.send(message);
					expect(codes).toContain(await socket.closed);
				} finally {
					socket.close();
				}
			},
		);
	});

	it("at no door is not let in", async () => {
		for (const door of [
			"/",
			"/nodes/",
			"/nodes/..%2f",
			"/nodes/%00",
			"/elsewhere",
			"/nodes/a/b",
		])
			await expect(RawSocket.open(network.url, door)).rejects.toThrow(
				/40\d|socket hang up/,
			);
	});

	it.each([
		["says nothing", new Uint8Array(0)],
		["uses a session before hello", packet(7, new Uint8Array(10))],
	])("that %s is closed in time", async (_what, message) => {
		const strict = await Network.start({ limits: { helloTimeoutMs: 100 } });
		try {
			const socket = await RawSocket.open(strict.url, "/clients");
			if (message.length > 0) socket.send(message);
			expect(await socket.closed).toBe(4408);
		} finally {
			await strict.close();
		}
	});
});

/** Posts to a path exactly as it is written. */
function rawPost(
	gateway: string,
	path: string,
): Promise<{ status: number; body: string }> {
	const { hostname, port } = new URL(gateway);
	return new Promise((resolve, reject) => {
		const sent = request(
			{
				hostname,
				port,
				path,
				method: "POST",
				headers: { "content-type": "application/json" },
			},
			(response) => {
				let body = "";
				response.setEncoding("utf8");
				response.on("data", (text: string) => {
					body += text;
				});
				response.on("end", () =>
					resolve({ status: response.statusCode ?? 0, body }),
				);
			},
		);
		sent.on("error", reject);
		sent.end('{"args":[]}');
	});
}
