import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BesiegedGateway } from "../support/besieged-gateway.js";
import { exchange, RawHttp } from "../support/raw-http.js";

/** What no HTTP library would send. */
let gateway: BesiegedGateway;
beforeAll(async () => {
	gateway = await BesiegedGateway.start({
		headersTimeoutMs: 1_000,
		requestTimeoutMs: 1_500,
	});
});
afterAll(() => gateway.close());
afterEach(() => gateway.expectHealthy());

/** A whole call; `\n` stands for CRLF. */
const crlf = (text: string) => text.replaceAll("\n", "\r\n");
const call = (headers: string, body = "") =>
	crlf(
		`POST /api/worker.add HTTP/1.1\nhost: x\nauthorization: Bearer ${gateway.key}\ncontent-type: application/json\n${headers}\n\n`,
	) + body;
const ARGS = '{"args":[1,2]}';
/** A request hidden behind another: its answer would show the report. */
const smuggled = () =>
	crlf(
		`GET /api/report HTTP/1.1\nhost: x\nauthorization: Bearer ${gateway.key}\n\n`,
	);

/** Statuses of all answers, and whether one of them shows the report. */
async function outcome(bytes: string | Uint8Array) {
	const answers = await exchange(gateway.url, bytes);
	return {
		statuses: answers.map(({ status }) => status),
		leaked: answers.some(({ body }) => body.includes('"limits"')),
	};
}

describe("requests that two servers might read differently", () => {
	it.each<[string, () => string]>([
		[
			"Content-Length and Transfer-Encoding",
			() =>
				call(
					"content-length: 5\ntransfer-encoding: chunked",
					`0\r\n\r\n${smuggled()}`,
				),
		],
		[
			"Transfer-Encoding before Content-Length",
			() =>
				call(
					"transfer-encoding: chunked\ncontent-length: 5",
					`0\r\n\r\n${smuggled()}`,
				),
		],
		[
			"two lengths that differ",
			() =>
				call("content-length: 14\ncontent-length: 0", `${ARGS}${smuggled()}`),
		],
		[
			"the same length twice",
			() => call("content-length: 14\ncontent-length: 14", ARGS),
		],
		["a list of lengths", () => call("content-length: 14, 14", ARGS)],
		["a length with a sign", () => call("content-length: +14", ARGS)],
		["a negative length", () => call("content-length: -1", ARGS)],
		["a hexadecimal length", () => call("content-length: 0xe", ARGS)],
		[
			"a length over all bounds",
			() => call(`content-length: ${"9".repeat(40)}`),
		],
		[
			"a header continued on the next line",
			() => call("transfer-encoding:\n chunked", `0\r\n\r\n${smuggled()}`),
		],
		[
			"a space before the colon",
			() => call("transfer-encoding : chunked", `0\r\n\r\n${smuggled()}`),
		],
		[
			"an encoding that only looks like chunked",
			() => call("transfer-encoding: xchunked", `0\r\n\r\n${smuggled()}`),
		],
		[
			"chunked that is not the last encoding",
			() =>
				call("transfer-encoding: chunked, identity", `0\r\n\r\n${smuggled()}`),
		],
		[
			"chunked twice",
			() =>
				call("transfer-encoding: chunked\ntransfer-encoding: chunked", ARGS),
		],
		[
			"a carriage return alone in a header",
			() => call("x: a\rtransfer-encoding: chunked", smuggled()),
		],
		["a NUL in a header", () => call("x: a\0b\ncontent-length: 14", ARGS)],
		[
			"a NUL in a header's name",
			() => call("x\0y: a\ncontent-length: 14", ARGS),
		],
		[
			"a chunk's size that overflows",
			() =>
				call(
					"transfer-encoding: chunked",
					`${"f".repeat(17)}\r\n${smuggled()}`,
				),
		],
		[
			"a chunk's size that is none",
			() => call("transfer-encoding: chunked", `-1\r\n${smuggled()}`),
		],
		[
			"a chunk longer than announced",
			() => call("transfer-encoding: chunked", `2\r\n${ARGS}\r\n0\r\n\r\n`),
		],
		["no Host", () => crlf("GET /healthz HTTP/1.1\n\n")],
		[
			"a Host that is none",
			() => crlf("GET /healthz HTTP/1.1\nhost: a b\nconnection: close\n\n"),
		],
		["a lower-case method", () => crlf("get /healthz HTTP/1.1\nhost: x\n\n")],
		["an unknown method", () => crlf("FETCH /healthz HTTP/1.1\nhost: x\n\n")],
		["HTTP/2", () => crlf("PRI * HTTP/2.0\n\nSM\n\n")],
		[
			"a version that does not exist",
			() => crlf("GET / HTTP/9.9\nhost: x\n\n"),
		],
		["no version", () => crlf("GET /healthz\n\n")],
		["TLS", () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
		["a space in the path", () => crlf("GET /a b HTTP/1.1\nhost: x\n\n")],
	])("%s: 400, and nothing behind it is answered", async (_what, bytes) => {
		expect(await outcome(bytes())).toEqual({ statuses: [400], leaked: false });
	});
});

describe("requests that are too much", () => {
	it.each<[string, () => string, number]>([
		["a header of 20 KiB", () => call(`x: ${"a".repeat(20_000)}`), 431],
		["20,000 headers", () => call("x: y\n".repeat(20_000)), 431],
		[
			"a path of 20 KiB",
			() => crlf(`GET /${"a".repeat(20_000)} HTTP/1.1\nhost: x\n\n`),
			431,
		],
		[
			"a body announced as too large",
			() => call("content-length: 1048577\nconnection: close"),
			413,
		],
		[
			"an expectation nobody can meet",
			() => call("expect: a-miracle\nconnection: close"),
			417,
		],
	])("%s", async (_what, bytes, status) => {
		expect((await outcome(bytes())).statuses).toEqual([status]);
	});

	it("a chunk extension of a megabyte", async () => {
		const bytes = call(
			"transfer-encoding: chunked\nconnection: close",
			`1;${"x".repeat(1_048_576)}\r\na\r\n0\r\n\r\n`,
		);
		const { statuses } = await outcome(bytes);
		expect([[413], [400], []]).toContainEqual(statuses);
	});

	it("a hundred requests in one piece are a hundred answers", async () => {
		const close = "content-length: 14\nconnection: close";
		const bytes =
			call("content-length: 14", ARGS).repeat(99) + call(close, ARGS);
		const { statuses } = await outcome(bytes);
		expect(statuses).toEqual(Array.from({ length: 100 }, () => 200));
	});
});

describe("methods and targets that are not ours", () => {
	it.each<[string, string, readonly number[]]>([
		["TRACE", "TRACE /api HTTP/1.1", [404, 405]],
		[
			"a proxy's absolute target",
			"GET http://evil.example/ HTTP/1.1",
			[200, 404],
		],
		["OPTIONS *", "OPTIONS * HTTP/1.1", [400, 404]],
		["..%2f", "POST /api/..%2f..%2fetc%2fpasswd HTTP/1.1", [400, 404]],
		["%00", "POST /api/worker.add%00 HTTP/1.1", [400]],
		["bytes that are not UTF-8", "POST /api/%ff%fe HTTP/1.1", [400]],
		["half an escape", "POST /api/% HTTP/1.1", [400]],
		["a prototype's key", "POST /api/__proto__ HTTP/1.1", [404]],
		["//", "GET //evil.example/ HTTP/1.1", [404]],
		["files above", "GET /../../../etc/passwd HTTP/1.1", [404]],
		["files above, escaped", "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1", [404]],
	])("%s", async (_what, line, statuses) => {
		const answers = await exchange(
			gateway.url,
			crlf(
				`${line}\nhost: x\nauthorization: Bearer ${gateway.key}\ncontent-length: 0\nconnection: close\n\n`,
			),
		);
		expect(answers).toHaveLength(1);
		expect(statuses).toContain(answers[0]?.status);
		expect(answers[0]?.body).not.toMatch(/root:|node_modules|\.ts:\d/);
	});

	it("CONNECT is hung up on", async () => {
		const bytes = crlf("CONNECT evil.example:80 HTTP/1.1\nhost: x\n\n");
		expect((await outcome(bytes)).statuses).toEqual([]);
	});

	it("line breaks in a name stay out of the answer's headers", async () => {
		const [answer] = await exchange(
			gateway.url,
			crlf(
				`POST /api/x%0d%0aset-cookie:%20a=b HTTP/1.1\nhost: x\nauthorization: Bearer ${gateway.key}\ncontent-length: 0\nconnection: close\n\n`,
			),
		);
		expect(answer?.status).toBe(400);
		expect(answer?.headers.has("set-cookie")).toBe(false);
	});
});

describe("connections that are slow, or end too early", () => {
	it("a call cut off at every one of its bytes", async () => {
		const whole = Buffer.from(call("content-length: 14", ARGS));
		for (let from = 0; from < whole.length; from += 32) {
			const lengths = Array.from({ length: 32 }, (_, index) => from + index);
			await Promise.all(
				lengths
					.filter((length) => length < whole.length)
					.map(async (length) => {
						const raw = await RawHttp.open(gateway.url);
						raw.write(whole.subarray(0, length));
						raw.end();
						const answer = await raw.answer();
						expect([undefined, 400, 408]).toContain(answer?.status);
						raw.close();
					}),
			);
		}
	});

	it("headers that drip in: 408 in time", async () => {
		const raw = await RawHttp.open(gateway.url);
		raw.write("GET /healthz HTTP/1.1\r\nhost: x\r\nx: ");
		const drip = setInterval(() => raw.write("a"), 20);
		const answer = await raw.answer();
		clearInterval(drip);
		expect(answer?.status).toBe(408);
		await raw.closed;
	});

	it("a hundred of them at once", async () => {
		const slow = await Promise.all(
			Array.from({ length: 100 }, () => RawHttp.open(gateway.url)),
		);
		for (const raw of slow) raw.write("GET /healthz HTTP/1.1\r\nx:");
		const answers = await Promise.all(slow.map((raw) => raw.answer()));
		expect(answers.map((answer) => answer?.status)).toEqual(
			slow.map(() => 408),
		);
	});

	it("a body that drips in: ended in time", async () => {
		const raw = await RawHttp.open(gateway.url);
		raw.write(call("content-length: 1000"));
		const drip = setInterval(() => raw.write(" "), 20);
		await raw.closed;
		clearInterval(drip);
	});

	it("a body announced and never sent", async () => {
		const raw = await RawHttp.open(gateway.url);
		raw.write(call("content-length: 1000000\nexpect: 100-continue"));
		expect((await raw.answer())?.status).toBe(100);
		await raw.closed;
	});

	it("connections that say nothing at all", async () => {
		const silent = await Promise.all(
			Array.from({ length: 200 }, () => RawHttp.open(gateway.url)),
		);
		await Promise.all(silent.map((raw) => raw.closed));
	});

	it("a caller who leaves in the middle of his call", async () => {
		const raw = await RawHttp.open(gateway.url);
		raw.write(call("content-length: 0").replace("worker.add", "worker.hang"));
		await expect
			.poll(async () => (await gateway.gauges()).http.running)
			.toBe(1);
		raw.close();
	});

	it("a reader of a long stream who reads nothing: cut in time", async () => {
		const raw = await RawHttp.open(gateway.url);
		raw.pause();
		raw.write(call("content-length: 0").replace("worker.add", "worker.flood"));
		const running = async () => (await gateway.gauges()).http.running;
		await expect.poll(running).toBe(1);
		await expect.poll(running).toBe(0);
		raw.close();
	});

	it("64 KiB of noise, ten times", async () => {
		for (let count = 0; count < 10; count += 1) {
			const { statuses } = await outcome(
				Buffer.concat([Buffer.from([0]), randomBytes(65_536)]),
			);
			expect([[400], []]).toContainEqual(statuses);
		}
	});
});
