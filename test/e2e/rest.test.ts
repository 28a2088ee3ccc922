import { define } from "@easyremote/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Network } from "../support/network.js";
import { post, postJson } from "../support/rest.js";

const functions = {
	add: (a: number, b: number) => a + b,
	greet: (name: string, { greeting = "hello" }: { greeting?: string } = {}) =>
		`${greeting} ${name}`,
	reversed: (bytes: Uint8Array, times = 1) => {
		const copy = bytes.slice();
		return times % 2 === 1 ? copy.reverse() : copy;
	},
	kind: (value: unknown) =>
		value instanceof Uint8Array ? "Uint8Array" : typeof value,
	async *count(to: number) {
		for (let n = 1; n <= to; n += 1) yield { n };
	},
	async *breaks() {
		yield 1;
		throw new RangeError("no more");
	},
	fail: () => {
		throw new TypeError("not like this");
	},
	positive: define({ input: [z.number().positive()] }, (_call, n) => n),
	hang: () => new Promise<never>(() => {}),
};

let network: Network;
beforeAll(async () => {
	network = await Network.start();
	await network.node(functions, { id: "worker" });
});
afterAll(() => network.close());

describe("POST /api/{ref} with JSON", () => {
	it("calls, and says which node answered", async () => {
		const answer = await postJson(network.url, "worker.add", {
			args: [1, 2],
			kwargs: {},
		});
		expect(answer.status).toBe(200);
		expect(answer.json).toEqual({ result: 3 });
		expect(answer.headers.get("x-easyremote-node")).toBe("worker");
		expect(answer.headers.get("x-easyremote-call-id")).toMatch(/^[\w-]+$/);
	});

	it("finds a node by the function's name alone", async () => {
		const answer = await postJson(network.url, "add", { args: [20, 22] });
		expect(answer.json).toEqual({ result: 42 });
	});

	it("turns kwargs into one trailing options object", async () => {
		const body = { args: ["Ada"], kwargs: { greeting: "bonjour" } };
		const answer = await postJson(network.url, "worker.greet", body);
		expect(answer.json).toEqual({ result: "bonjour Ada" });
		const plain = await postJson(network.url, "worker.greet", {
			args: ["Ada"],
			kwargs: {},
		});
		expect(plain.json).toEqual({ result: "hello Ada" });
	});

	it("carries bytes as base64", async () => {
		const $bytes = Buffer.from([1, 2, 3]).toString("base64");
		const answer = await postJson(network.url, "worker.reversed", {
			args: [{ $bytes }],
		});
		expect(answer.json).toEqual({
			result: { $bytes: Buffer.from([3, 2, 1]).toString("base64") },
		});
	});
});

describe("POST /api/{ref} with bytes", () => {
	const octets = { "content-type": "application/octet-stream" };

	it("takes the body as the one argument, and answers with bytes where asked to", async () => {
		const sent = Uint8Array.from(
			{ length: 300_000 },
			(_, index) => index % 251,
		);
		const response = await fetch(`${network.url}/api/worker.reversed`, {
			method: "POST",
			headers: { ...octets, accept: "application/octet-stream" },
			body: sent,
		});
		expect(response.headers.get("content-type")).toContain(
			"application/octet-stream",
		);
		const back = new Uint8Array(await response.arrayBuffer());
		expect(Buffer.compare(back, sent.toReversed())).toBe(0);
	});

	it("adds the JSON arguments of the query behind it", async () => {
		const response = await fetch(
			`${network.url}/api/worker.reversed?args=[2]`,
			{
				method: "POST",
				headers: { ...octets, accept: "application/octet-stream" },
				body: new Uint8Array([1, 2, 3]),
			},
		);
		expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([
			1, 2, 3,
		]);
	});

	it("gives the function a Uint8Array, even of nothing", async () => {
		const answer = await post(
			network.url,
			"worker.kind",
			new Uint8Array(0),
			octets,
		);
		expect(answer.json).toEqual({ result: "Uint8Array" });
	});
});

describe("a generator", () => {
	it("answers with server-sent events, and says when it is over", async () => {
		const answer = await postJson(
			network.url,
			"worker.count",
			{ args: [3] },
			{ accept: "text/event-stream" },
		);
		expect(answer.headers.get("content-type")).toContain("text/event-stream");
		expect(answer.text).toMatch(
			/^data: ?\{"n":1\}\n\ndata: ?\{"n":2\}\n\ndata: ?\{"n":3\}\n\nevent: end\n/,
		);
	});

	it("answers with lines of JSON where asked to", async () => {
		const answer = await postJson(
			network.url,
			"worker.count",
			{ args: [3] },
			{ accept: "application/x-ndjson" },
		);
		expect(answer.headers.get("content-type")).toContain(
			"application/x-ndjson",
		);
		const items = answer.text
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as unknown);
		expect(items).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
	});

	it("tells of its failure in the stream", async () => {
		const answer = await postJson(
			network.url,
			"worker.breaks",
			{ args: [] },
			{ accept: "text/event-stream" },
		);
		expect(answer.text).toMatch(/^data: ?1\n\nevent: error\n/);
		expect(answer.text).toContain("no more");
		expect(answer.text).not.toContain("event: end");
	});
});

describe("a failure", () => {
	it.each([
		{
			what: "what the function threw",
			ref: "worker.fail",
			body: { args: [] },
			status: 500,
			code: "FUNCTION_ERROR",
			detail: "not like this",
		},
		{
			what: "an argument against the schema",
			ref: "worker.positive",
			body: { args: [-1] },
			status: 400,
			code: "INVALID_ARGUMENT",
		},
		{
			what: "an unknown function",
			ref: "worker.ad",
			body: { args: [] },
			status: 404,
			code: "NOT_FOUND",
		},
		{
			what: "an unknown node",
			ref: "nowhere.add",
			body: { args: [] },
			status: 404,
			code: "NOT_FOUND",
		},
		{
			what: "a body of another shape",
			ref: "worker.add",
			body: { arguments: [1, 2] },
			status: 400,
			code: "INVALID_ARGUMENT",
		},
		{
			what: "arguments that are no list",
			ref: "worker.add",
			body: { args: 5 },
			status: 400,
			code: "INVALID_ARGUMENT",
		},
	])("is a problem: $what", async ({ ref, body, status, code, detail }) => {
		const answer = await postJson(network.url, ref, body);
		expect(answer.headers.get("content-type")).toContain(
			"application/problem+json",
		);
		expect(answer.status).toBe(status);
		expect(answer.json).toMatchObject({ status, code });
		if (detail !== undefined) expect(answer.json?.["detail"]).toBe(detail);
		expect(answer.text).not.toMatch(/\.ts:|node_modules/);
	});

	it("is a problem when time runs out", async () => {
		const answer = await postJson(
			network.url,
			"worker.hang",
			{ args: [] },
			{ "x-easyremote-timeout": "200" },
		);
		expect(answer).toMatchObject({
			status: 504,
			json: { code: "DEADLINE_EXCEEDED" },
		});
	});

	it("suggests what was meant", async () => {
		const answer = await postJson(network.url, "worker.gret", { args: ["x"] });
		expect(answer.text).toContain("greet");
	});
});

describe("what is there", () => {
	it("is listed with functions and nodes", async () => {
		const functionsListed = await (await fetch(`${network.url}/api`)).text();
		for (const name of Object.keys(functions))
			expect(functionsListed).toContain(`"${name}"`);
		expect(await (await fetch(`${network.url}/api/nodes`)).text()).toContain(
			'"worker"',
		);
		expect((await fetch(`${network.url}/healthz`)).status).toBe(200);
	});
});
