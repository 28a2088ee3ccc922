import { gzipSync } from "node:zlib";
import { packEnvelope } from "@easyremote/shared/codec";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BesiegedGateway } from "../support/besieged-gateway.js";
import { bytes } from "../support/raw-bytes.js";

/** What HTTP libraries would send, but nobody should. */
let gateway: BesiegedGateway;
beforeAll(async () => {
	gateway = await BesiegedGateway.start();
});
afterAll(() => gateway.close());
afterEach(() => gateway.expectHealthy());

const JSON_TYPE = "application/json";
const MSGPACK = "application/msgpack";
const BYTES = "application/octet-stream";

/** Calls a function; gives the status and, of a problem, its code. */
async function call(
	body: string | Uint8Array,
	headers: Record<string, string> = {},
	path = "/api/worker.echo",
): Promise<readonly [number, unknown]> {
	const { status, text } = await gateway.ask("POST", path, {
		body,
		headers: { "content-type": JSON_TYPE, ...headers },
	});
	expect(text).not.toMatch(/node_modules|\bat .*\.[jt]s:\d/);
	const answer = JSON.parse(text) as { code?: unknown; result?: unknown };
	return [status, status === 200 ? answer.result : answer.code];
}

const BAD: readonly [number, unknown] = [400, "INVALID_ARGUMENT"];
/** A body of a kind that is not taken. */
const STRANGE: readonly [number, unknown] = [415, "INVALID_ARGUMENT"];

describe("bodies of JSON", () => {
	it.each<[string, string | Uint8Array]>([
		["blank", " "],
		["half an object", '{"args":[1,'],
		["two values", '{"args":[1]} {"args":[2]}'],
		["an array", "[1, 2]"],
		["a text", '"text"'],
		["a number", "5"],
		["null", "null"],
		["a word", "undefined"],
		["a comment", '{"args":[1]} // one'],
		["single quotes", "{'args':[1]}"],
		["UTF-16", Buffer.from('{"args":[1]}', "utf16le")],
		["bytes that are not UTF-8", bytes(0x22, 0xff, 0xfe, 0x22)],
		["an overlong NUL", bytes(0x22, 0xc0, 0x80, 0x22)],
		["a NUL", '{"args":[1]}\0'],
		["args that are an object", '{"args":{}}'],
		["args that are a text", '{"args":"12"}'],
		["args that are null", '{"args":null}'],
		["kwargs that are an array", '{"args":[],"kwargs":[1]}'],
		["kwargs that are a text", '{"args":[],"kwargs":"x"}'],
		["brackets a hundred thousand deep", "[".repeat(100_000)],
		["objects a hundred thousand deep", '{"args":'.repeat(100_000)],
		["bytes that are not base64", '{"args":[{"$bytes":"%%%"}]}'],
		["bytes that are a number", '{"args":[{"$bytes":5}]}'],
		["gzip", gzipSync('{"args":[1]}')],
	])("%s", async (_what, body) => {
		expect(await call(body)).toEqual(BAD);
	});

	it("a bomb of gzip stays folded", async () => {
		const bomb = gzipSync(Buffer.alloc(200 * 1_048_576));
		expect(await call(bomb, { "content-encoding": "gzip" })).toEqual(STRANGE);
	});

	it.each<[string, string]>([
		["args", '{"args":[{"a":1}],"__proto__":{"polluted":true}}'],
		["an argument", '{"args":[{"__proto__":{"polluted":true},"a":1}]}'],
		["escapes", '{"args":[{"\\u005f_proto__":{"polluted":true},"a":1}]}'],
	])("a prototype beside %s sets none", async (_what, body) => {
		const [status, result] = await call(body);
		expect([200, 400]).toContain(status);
		expect(result).not.toHaveProperty("polluted");
		expect(await call('{"args":[{}]}')).toEqual([200, {}]);
	});

	it.each<[string, string, unknown]>([
		["a byte order mark", '\ufeff{"args":[1]}', 1],
		["half a surrogate", '{"args":["\\ud800"]}', "\ud800"],
		["a number beyond all bounds", '{"args":[1e999]}', null],
		["a key twice", '{"args":[1],"args":[2]}', 2],
		["a hundred thousand arguments", `{"args":[1${",1".repeat(99_999)}]}`, 1],
	])("%s is what JSON says it is", async (_what, body, result) => {
		expect(await call(body)).toEqual([200, result]);
	});
});

describe("bodies of MessagePack", () => {
	const send = (body: Uint8Array) => call(body, { "content-type": MSGPACK });
	const args = [0x81, 0xa4, ...Buffer.from("args")];

	it("nothing is no arguments, as in JSON", async () => {
		expect(await send(bytes())).toEqual([200, null]);
	});

	it.each<[string, Uint8Array]>([
		["a byte that is never used", bytes(0xc1)],
		["a text", bytes(0xa1, 0x61)],
		["an array of four thousand million", bytes(0xdd, 0xff, 0xff, 0xff, 0xff)],
		["a map of four thousand million", bytes(0xdf, 0xff, 0xff, 0xff, 0xff)],
		["a text of four gigabytes", bytes(...args, 0xdb, 0xff, 0xff, 0xff, 0xff)],
		["bytes of four gigabytes", bytes(...args, 0xc6, 0xff, 0xff, 0xff, 0xff)],
		["args that are a number", bytes(...args, 0x05)],
		["keys that are numbers", bytes(0x81, 0x05, 0x05)],
		["an unknown extension", bytes(...args, 0x91, 0xd4, 0x55, 0x00)],
		["a record of msgpackr's", bytes(...args, 0x91, 0xd4, 0x72, 0x40, 0x90)],
		["something behind its end", bytes(...args, 0x90, 0x00)],
		["arrays a hundred thousand deep", Buffer.alloc(100_000, 0x91)],
		["maps in a megabyte of arrays", Buffer.alloc(1_000_000, 0x9f)],
	])("%s", async (_what, body) => {
		expect(await send(body)).toEqual(BAD);
	});

	it("a million empty maps are refused before they unfold", async () => {
		const body = Buffer.alloc(args.length + 5 + 1_000_000, 0x80);
		body.set(args);
		body[args.length] = 0xdd;
		body.writeUInt32BE(1_000_000, args.length + 1);
		expect(await send(body)).toEqual(BAD);
	});

	it("cut off at every one of its bytes", async () => {
		const whole = packEnvelope({ args: [{ text: "x", list: [1, 2.5] }, -1] });
		for (let length = 1; length < whole.length; length += 1)
			expect(await send(whole.subarray(0, length))).toEqual(BAD);
	});

	it("a prototype's key sets none", async () => {
		const [status, result] = await send(
			packEnvelope({ args: [JSON.parse('{"__proto__":{"polluted":1}}')] }),
		);
		expect([status, result]).toEqual([200, { __proto_: { polluted: 1 } }]);
	});
});

describe("types, sizes and arguments of bodies", () => {
	it.each([
		"",
		"text/plain",
		"text/xml",
		"multipart/form-data; boundary=x",
		"application/x-www-form-urlencoded",
		"application/json-seq",
		"application",
		`application/json${"x".repeat(8_000)}`,
	])("type %j", async (type) => {
		expect(await call('{"args":[1]}', { "content-type": type })).toEqual(
			STRANGE,
		);
	});

	it("a body over the limit", async () => {
		const body = `{"args":["${"x".repeat(1_048_576)}"]}`;
		expect(await call(body)).toEqual([413, "RESOURCE_EXHAUSTED"]);
	});

	it.each(["nonsense", "{}", "5", "null", "[", "[1", "%5B1%5D%00"])(
		"bytes with ?args=%s",
		async (text) => {
			const path = `/api/worker.echo?args=${encodeURI(text)}`;
			expect(await call(bytes(1), { "content-type": BYTES }, path)).toEqual(
				BAD,
			);
		},
	);

	it("JSON with ?args=", async () => {
		expect(await call('{"args":[1]}', {}, "/api/worker.echo?args=[1]")).toEqual(
			BAD,
		);
	});
});

describe("headers", () => {
	it.each([
		...["", "0", "-1", "+5", "1e3", "0x10", "NaN", "5.5", "5,5", "5 5"],
		...["9".repeat(13), "9".repeat(400), "soon"],
	])("x-easyremote-timeout: %s", async (timeout) => {
		expect(
			await call('{"args":[1]}', { "x-easyremote-timeout": timeout }),
		).toEqual(BAD);
	});

	it("x-easyremote-timeout: thirty years is no reason to hurry", async () => {
		expect(
			await call('{"args":[1]}', { "x-easyremote-timeout": "946080000000" }),
		).toEqual([200, 1]);
	});

	it.each([
		"",
		"*/*;q=nonsense",
		`${"application/json,".repeat(400)}*/*`,
		"application/JSON; charset=\xff",
	])("accept: %s is answered as JSON", async (accept) => {
		expect(await call('{"args":[1]}', { accept })).toEqual([200, 1]);
	});

	it.each([";;;,,,", "image/*", "text/html;q=0"])(
		"accept: %s takes no answer that there is",
		async (accept) => {
			expect(await call('{"args":[1]}', { accept })).toEqual([
				406,
				"INVALID_ARGUMENT",
			]);
		},
	);

	it.each([
		["traceparent", "00-zz-zz-zz"],
		["traceparent", "x".repeat(4_000)],
		["prefer", "x".repeat(4_000)],
		["forwarded", 'for="[::1]";host=evil.example'],
		["x-forwarded-for", "127.0.0.1, ".repeat(300)],
		["x-http-method-override", "DELETE"],
		["range", "bytes=0-0,-1"],
		["if-none-match", "*"],
		["connection", "close, x-easyremote-timeout, content-type"],
		["te", "trailers, gzip"],
	])("%s: %s changes nothing", async (name, value) => {
		expect(await call('{"args":[1]}', { [name]: value })).toEqual([200, 1]);
	});

	it.each(["GET", "PUT", "PATCH", "DELETE"])(
		"%s of a function is 405",
		async (method) => {
			const { status } = await gateway.ask(method, "/api/worker.echo");
			expect(status).toBe(405);
		},
	);
});

describe("names", () => {
	it.each([
		...["worker.constructor", "worker.toString", "hasOwnProperty.call"],
		...["__proto__", "__proto__.add", "worker.__proto__"],
	])("%s is not found", async (name) => {
		expect(await call('{"args":[]}', {}, `/api/${name}`)).toEqual([
			404,
			"NOT_FOUND",
		]);
	});

	it.each([
		...["worker.$probe", "worker.add.add", "worker.", ".add", "1add", "a%20b"],
		...["%2e%2e%2fetc", "worker.add%00", "worker.add%0d%0ax", "%c3%a9"],
		"x".repeat(65),
	])("%s is refused", async (name) => {
		expect(await call('{"args":[]}', {}, `/api/${name}`)).toEqual(BAD);
	});
});
