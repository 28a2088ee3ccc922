import { deferred } from "@easyremote/shared/async";
import {
	encodeValue,
	packEnvelope,
	unpackEnvelope,
} from "@easyremote/shared/codec";
import { RemoteFunctionError } from "@easyremote/shared/errors";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { poster, problem } from "./testing/requests.js";
import { scriptedApp } from "./testing/scripted-app.js";
import type { ScriptedCall } from "./testing/scripted-node.js";

const seen: ScriptedCall[] = [];
const left = deferred();

async function* count(to: unknown) {
	for (let n = 1; n <= Number(to); n += 1) yield n;
}

async function* faulty() {
	yield 1;
	throw new RemoteFunctionError("RangeError", "too far");
}

async function* endless(signal: AbortSignal) {
	signal.addEventListener("abort", () => left.resolve());
	for (let n = 0; !signal.aborted; n += 1) {
		yield n;
		await new Promise((resolve) => setImmediate(resolve));
	}
}

const { app, running, close } = scriptedApp({
	add: ([a, b]) => Number(a) + Number(b),
	show: (args, call) => {
		seen.push(call);
		return args;
	},
	nothing: () => undefined,
	bytes: () => new Uint8Array([1, 2, 255]),
	size: ([data, factor = 1]) => (data as Uint8Array).length * Number(factor),
	pretty: () => ({
		format: "json",
		body: new TextEncoder().encode('{\r\n  "a": 1\n}'),
		attachments: [],
	}),
	stubborn: () => encodeValue(new Map([["a", 1]])),
	count: ([to]) => count(to),
	faulty: () => faulty(),
	split: async function* () {
		yield {
			format: "json",
			body: new TextEncoder().encode("1\n\nevent: end\ndata: 2"),
			attachments: [],
		};
	},
	endless: (_args, { signal }) => endless(signal),
});

beforeEach(() => {
	seen.length = 0;
});

afterEach(() => {
	expect(running.count).toBe(0);
});

const post = poster(app);

describe("JSON", () => {
	it("calls a function and says which node answered which call", async () => {
		const response = await post("/api/scripted.add", {
			args: [1, 2],
			kwargs: {},
		});
		expect(response.status).toBe(200);
		expect(response.headers.get("x-easyremote-node")).toBe("scripted");
		expect(response.headers.get("x-easyremote-call-id")).toMatch(/\w/);
		expect(await response.json()).toEqual({ result: 3 });
		expect(await (await post("/api/add", { args: [1, 2] })).json()).toEqual({
			result: 3,
		});
	});

	it("goes to the node and comes back as the bytes it is", async () => {
		const body =
			'{ "args": [1e400, "\\u00e9", {"deep": [[]]}], "kwargs": {"width": 12345678901234567890} }';
		await app.request("/api/show", {
			method: "POST",
			headers: { "content-type": "application/json; charset=utf-8" },
			body,
		});
		const [call] = seen;
		expect(new TextDecoder().decode(call?.value.body)).toBe(body);
		expect(call?.header).toMatchObject({ named: true, accept: "json" });
		expect(await (await post("/api/pretty", {})).text()).toBe(
			'{"result":{\r\n  "a": 1\n}}',
		);
	});

	it("may be left out where there are no arguments", async () => {
		const response = await app.request("/api/show", { method: "POST" });
		expect(await response.json()).toEqual({ result: [] });
	});

	it("takes a trace along, if it is a valid one", async () => {
		const traceparent =
			"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
		await post("/api/show", {}, { traceparent });
		await post("/api/show", {}, { traceparent: `${traceparent}-x` });
		expect(seen.map(({ header }) => header.traceparent)).toEqual([
			traceparent,
			undefined,
		]);
	});

	it("has null for no result, base64 for bytes, and its own words for what it cannot say", async () => {
		expect(await (await post("/api/nothing", {})).json()).toEqual({
			result: null,
		});
		expect(await (await post("/api/bytes", {})).json()).toEqual({
			result: { $bytes: "AQL/" },
		});
		expect(await (await post("/api/stubborn", {})).json()).toEqual({
			result: { a: 1 },
		});
	});

	it.each(['{"args": [1', "", "[1, 2", "nonsense", "[".repeat(5_000)])(
		"that is malformed is an invalid argument: %.12s",
		async (body) => {
			const response = await app.request("/api/add", {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: body === "" ? " " : body,
			});
			expect(response.status).toBe(400);
			expect(await problem(response)).toMatchObject({
				code: "INVALID_ARGUMENT",
				callId: expect.any(String) as string,
			});
		},
	);
});

describe("other types", () => {
	it("take bytes as the first argument, and arguments after it from the query", async () => {
		const headers = { "content-type": "application/octet-stream" };
		expect(
			await (await post("/api/size", new Uint8Array(300_000), headers)).json(),
		).toEqual({ result: 300_000 });
		expect(
			await (
				await post("/api/size?args=[2]", new Uint8Array(10), headers)
			).json(),
		).toEqual({ result: 20 });
		expect(
			(await post("/api/size?args=2", new Uint8Array(10), headers)).status,
		).toBe(400);
		expect((await post("/api/add?args=[1]", { args: [] })).status).toBe(400);
	});

	it("give bytes as they are to who accepts them, and JSON of what is no bytes", async () => {
		const headers = { accept: "application/octet-stream" };
		const response = await post("/api/bytes", {}, headers);
		expect(response.headers.get("content-type")).toBe(
			"application/octet-stream",
		);
		expect(new Uint8Array(await response.arrayBuffer())).toEqual(
			new Uint8Array([1, 2, 255]),
		);
		expect(
			await (await post("/api/add", { args: [1, 2] }, headers)).json(),
		).toEqual({ result: 3 });
	});

	it("are not answered at all where nothing would be acceptable", async () => {
		const response = await post(
			"/api/show",
			{ args: [] },
			{ accept: "text/html" },
		);
		expect(response.status).toBe(406);
		expect(await problem(response)).toMatchObject({ code: "INVALID_ARGUMENT" });
		expect(seen).toEqual([]);
	});

	it("speak MessagePack both ways", async () => {
		const response = await post("/api/add", packEnvelope({ args: [20, 22] }), {
			"content-type": "application/msgpack",
			accept: "application/msgpack",
		});
		expect(response.headers.get("content-type")).toBe("application/msgpack");
		expect(
			unpackEnvelope(new Uint8Array(await response.arrayBuffer())),
		).toEqual({ result: 42 });
		const nothing = await post(
			"/api/nothing",
			{},
			{ accept: "application/msgpack" },
		);
		expect(unpackEnvelope(new Uint8Array(await nothing.arrayBuffer()))).toEqual(
			{ result: null },
		);
	});

	it.each([
		"text/plain",
		"application/x-www-form-urlencoded",
		"multipart/form-data; boundary=x",
		"application/jsonp",
	])("are refused: %s", async (type) => {
		const response = await post(
			"/api/add",
			{ args: [1, 2] },
			{ "content-type": type },
		);
		expect(response.status).toBe(415);
		expect(await problem(response)).toMatchObject({
			code: "INVALID_ARGUMENT",
			hint: expect.stringContaining("application/json") as string,
		});
	});
});

describe("streams", () => {
	it("are server-sent events, closed by an end", async () => {
		const response = await post("/api/count", { args: [3] });
		expect(response.headers.get("content-type")).toContain("text/event-stream");
		expect(await response.text()).toBe(
			"data: 1\n\ndata: 2\n\ndata: 3\n\nevent: end\ndata:\n\n",
		);
	});

	it("are lines of JSON to who accepts them", async () => {
		const response = await post(
			"/api/count",
			{ args: [2] },
			{ accept: "application/x-ndjson" },
		);
		expect(response.headers.get("content-type")).toContain(
			"application/x-ndjson",
		);
		expect(await response.text()).toBe("1\n2\n");
	});

	it("end with the failure", async () => {
		const events = await (await post("/api/faulty", {})).text();
		expect(events).toMatch(
			/^data: 1\n\nevent: error\ndata: \{.*"code":"FUNCTION_ERROR".*\}\n\n$/,
		);
		const lines = (
			await (
				await post("/api/faulty", {}, { accept: "application/x-ndjson" })
			).text()
		)
			.trim()
			.split("\n");
		expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
			error: { detail: "too far", remoteName: "RangeError" },
		});
	});

	it("keep a node from writing events of its own", async () => {
		expect(await (await post("/api/split", {})).text()).toBe(
			"data: 1  event: end data: 2\n\nevent: end\ndata:\n\n",
		);
	});

	it("end on the node when the reader leaves", async () => {
		const response = await post("/api/endless", {});
		const reader = response.body?.getReader();
		await reader?.read();
		await reader?.cancel();
		await left.promise;
	});
});

it("lets go of the node when closed", () => {
	close();
});
