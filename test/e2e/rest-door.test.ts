import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { gzipSync } from "node:zlib";
import { define } from "@easyremote/shared";
import { unpackEnvelope } from "@easyremote/shared/codec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Network } from "../support/network.js";
import { post, postJson } from "../support/rest.js";

/** How often a function has begun, and how often it was told to stop. */
const begun = new EventTarget();
const stopped = new EventTarget();

function watch(name: string, signal: AbortSignal): void {
	begun.dispatchEvent(new Event(name));
	signal.addEventListener("abort", () =>
		stopped.dispatchEvent(new Event(name)),
	);
}

const functions = {
	add: (a: number, b: number) => a + b,
	everything: () => ({
		nothing: undefined,
		negative: -0,
		none: Number.NaN,
		big: 2n ** 70n,
		when: new Date(0),
		map: new Map([["a", 1]]),
		set: new Set([1, 2]),
		floats: new Float32Array([1, 2]),
		bytes: new Uint8Array([1, 2]),
	}),
	floats: () => new Float32Array([1, 2]),
	nothing: () => undefined,
	kind: (value: unknown) => Object.prototype.toString.call(value),
	trace: define({}, (call) => call.traceparent ?? "none"),
	hang: define({}, (call) => {
		watch("hang", call.signal);
		return new Promise<never>(() => {});
	}),
	endless: define({}, async function* (call) {
		watch("endless", call.signal);
		yield 1;
		await new Promise<never>(() => {});
	}),
	silent: define({}, async function* (call) {
		watch("silent", call.signal);
		await new Promise<never>(() => {});
		yield 1;
	}),
};

let network: Network;
beforeAll(async () => {
	network = await Network.start();
	await network.node(functions, { id: "worker" });
});
afterAll(() => network.close());

/** Sends a request on a connection of its own, without waiting for an answer. */
function send(name: string) {
	const sent = request(`${network.url}/api/worker.${name}`, { method: "POST" });
	// The tests below cut it.
	sent.on("error", () => undefined);
	sent.end();
	return sent;
}

describe("a caller who goes away", () => {
	it("aborts the function that had not answered yet", async () => {
		const running = once(begun, "hang");
		const sent = send("hang");
		await running;
		const end = once(stopped, "hang");
		sent.destroy();
		await end;
	});

	it("aborts the generator that goes on", async () => {
		const sent = send("endless");
		const [response] = (await once(sent, "response")) as [IncomingMessage];
		const [first] = (await once(response, "data")) as [Buffer];
		expect(first.toString()).toBe("data: 1\n\n");
		const end = once(stopped, "endless");
		sent.destroy();
		await end;
	});

	it("has had the answer's head before a first item, and aborts a generator that gives none", async () => {
		const sent = send("silent");
		const [response] = (await once(sent, "response")) as [IncomingMessage];
		expect(response.headers["content-type"]).toContain("text/event-stream");
		expect(response.headers["x-easyremote-node"]).toBe("worker");
		const end = once(stopped, "silent");
		sent.destroy();
		await end;
	});
});

describe("a trace", () => {
	const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

	it("reaches the function", async () => {
		const headers = { traceparent };
		const answer = await postJson(network.url, "worker.trace", {}, headers);
		expect(answer.json?.["result"]).toMatch(
			/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/,
		);
	});

	it("that is none is no reason to refuse", async () => {
		const headers = { traceparent: "00-zz" };
		const answer = await postJson(network.url, "worker.trace", {}, headers);
		expect(answer.status).toBe(200);
		expect(answer.json?.["result"]).not.toContain("zz");
	});

	it("of a client reaches the function too, and is checked before", async () => {
		const trace = network
			.client()
			.remote<typeof functions.trace>("worker.trace");
		expect(await trace.with({ traceparent })()).toContain(
			"4bf92f3577b34da6a3ce929d0e0e4736",
		);
		await expect(
			Promise.resolve(trace.with({ traceparent: "nonsense" })()),
		).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
	});
});

describe("what JSON has no word for", () => {
	it("comes as the nearest there is", async () => {
		const answer = await postJson(network.url, "worker.everything", {});
		expect(answer.json?.["result"]).toEqual({
			negative: 0,
			none: null,
			big: (2n ** 70n).toString(),
			when: "1970-01-01T00:00:00.000Z",
			map: { a: 1 },
			set: [1, 2],
			floats: {
				$bytes: Buffer.from(new Float32Array([1, 2]).buffer).toString("base64"),
			},
			bytes: { $bytes: "AQI=" },
		});
		const nothing = await postJson(network.url, "worker.nothing", {});
		expect(nothing.text).toBe('{"result":null}');
	});

	it("comes as bytes where it is bytes, of whatever type", async () => {
		const response = await fetch(`${network.url}/api/worker.floats`, {
			method: "POST",
			headers: { accept: "application/octet-stream" },
		});
		const bytes = await response.arrayBuffer();
		expect([...new Float32Array(bytes)]).toEqual([1, 2]);
	});

	it("comes in plain MessagePack, which any language reads", async () => {
		const response = await fetch(`${network.url}/api/worker.everything`, {
			method: "POST",
			headers: { accept: "application/msgpack" },
		});
		expect(response.headers.get("content-type")).toBe("application/msgpack");
		const bytes = new Uint8Array(await response.arrayBuffer());
		expect(unpackEnvelope(bytes)).toEqual({
			result: {
				negative: 0,
				none: Number.NaN,
				big: (2n ** 70n).toString(),
				when: new Date(0),
				map: { a: 1 },
				set: [1, 2],
				floats: new Uint8Array(new Float32Array([1, 2]).buffer),
				bytes: new Uint8Array([1, 2]),
			},
		});
	});

	it("goes in as base64 in JSON", async () => {
		const body = { args: [{ $bytes: "AQI=" }] };
		const answer = await postJson(network.url, "worker.kind", body);
		expect(answer.json).toEqual({ result: "[object Uint8Array]" });
		const bad = { args: [{ $bytes: "!" }] };
		expect((await postJson(network.url, "worker.kind", bad)).status).toBe(400);
	});
});

describe("a request that cannot be read", () => {
	it.each([
		["text", { "content-type": "text/plain" }, "1, 2", 415],
		[
			"another charset",
			{ "content-type": "application/json; charset=utf-16" },
			"{}",
			415,
		],
		[
			"compressed",
			{ "content-type": "application/json", "content-encoding": "gzip" },
			gzipSync("{}"),
			415,
		],
		[
			"a form",
			{ "content-type": "application/x-www-form-urlencoded" },
			"a=1",
			415,
		],
	])("is refused as such: %s", async (_what, headers, body, status) => {
		const sent = typeof body === "string" ? body : new Uint8Array(body);
		const answer = await post(network.url, "worker.add", sent, headers);
		expect(answer.status).toBe(status);
		expect(answer.json).toMatchObject({ code: "INVALID_ARGUMENT", status });
	});

	it("names the methods there are", async () => {
		const url = `${network.url}/api/worker.add`;
		const get = await fetch(url);
		expect(get.status).toBe(405);
		expect(get.headers.get("allow")).toContain("POST");
		expect(get.headers.get("content-type")).toBe("application/problem+json");
		const options = await fetch(url, { method: "OPTIONS" });
		expect(options.status).toBe(204);
		expect(options.headers.get("allow")).toContain("POST");
	});

	it("may have no body at all, whatever it says of it", async () => {
		const form = { "content-type": "application/x-www-form-urlencoded" };
		const answer = await post(network.url, "worker.nothing", "", form);
		expect(answer.status).toBe(200);
	});
});

it("a call out of time says in which phase it was, and which call", async () => {
	const headers = { "x-easyremote-timeout": "2000" };
	const answer = await postJson(network.url, "worker.hang", {}, headers);
	expect(answer.status).toBe(504);
	expect(answer.json).toMatchObject({
		code: "DEADLINE_EXCEEDED",
		callId: answer.headers.get("x-easyremote-call-id"),
		details: { phase: "running" },
	});
});
