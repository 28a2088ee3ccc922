import { createHash } from "node:crypto";
import { createDonorKeys, proveDonor } from "@easyremote/shared/security";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BesiegedGateway } from "../support/besieged-gateway.js";
import { RawWebSocket } from "../support/raw-websocket.js";

/** Publishers and donors who mean no good. */
let gateway: BesiegedGateway;
beforeAll(async () => {
	gateway = await BesiegedGateway.start();
});
afterAll(() => gateway.close());
afterEach(() => gateway.expectHealthy());

const CODE = "export const f = () => 1;";
const manifest = {
	name: "b",
	version: "1",
	sha256: createHash("sha256").update(CODE).digest("hex"),
	bytes: CODE.length,
	isolation: "reuse",
	functions: [{ name: "f" }],
};

/** Publishes as an admin; gives the status and the code of the problem. */
async function publish(
	body: string | Uint8Array | object,
	path = "/api/bundles/b/1",
	key = gateway.key,
): Promise<readonly [number, unknown]> {
	const { status, text } = await gateway.ask("PUT", path, {
		body:
			typeof body === "string" || body instanceof Uint8Array
				? body
				: JSON.stringify(body),
		headers: {
			"content-type": "application/json",
			authorization: `Bearer ${key}`,
		},
	});
	expect(text).not.toMatch(/node_modules|\bat .*\.[jt]s:\d/);
	return [status, (JSON.parse(text) as { code?: unknown }).code];
}

const BAD: readonly [number, unknown] = [400, "INVALID_ARGUMENT"];
const LARGE: readonly [number, unknown] = [413, "RESOURCE_EXHAUSTED"];
const MIB = 1_048_576;
const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
const text = (fields: object) =>
	JSON.stringify({ manifest: { ...manifest, ...fields }, code: CODE });

describe("what is published", () => {
	it.each<[string, string | Uint8Array | object, readonly [number, unknown]]>([
		["nothing", "", BAD],
		["garbage", "}{", BAD],
		["bytes that are not UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22]), BAD],
		["no object", [1, 2], BAD],
		["no manifest", { code: CODE }, BAD],
		["no code", { manifest }, BAD],
		["code that is a list", { manifest, code: [CODE] }, BAD],
		["another code", { manifest, code: `${CODE} ` }, BAD],
		["a hash of something else", text({ sha256: "0".repeat(64) }), BAD],
		["a hash that climbs", text({ sha256: "../".repeat(21) + "x" }), BAD],
		["a length below nothing", text({ bytes: -1 }), BAD],
		["another name than the path", text({ name: "c" }), BAD],
		["a name that climbs", text({ name: "../b" }), BAD],
		["a function that climbs", text({ functions: [{ name: "../f" }] }), BAD],
		[
			"a function of another bundle",
			text({ functions: [{ name: "c/f" }] }),
			BAD,
		],
		[
			"ten thousand functions",
			text({ functions: Array(10_000).fill({ name: "f" }) }),
			BAD,
		],
		["functions that are an object", text({ functions: { f: {} } }), BAD],
		["brackets a hundred thousand deep", "[".repeat(100_000), BAD],
		[
			"a schema fifty thousand deep",
			text({ functions: [{ name: "f", input: 0 }] }).replace(
				'"input":0',
				`"input":${deep}`,
			),
			BAD,
		],
		[
			"a schema of a megabyte",
			text({ functions: [{ name: "f", input: "x".repeat(MIB) }] }),
			LARGE,
		],
		["code of six megabytes", { manifest, code: "x".repeat(6 * MIB) }, LARGE],
	])("is not %s", async (_what, body, refusal) => {
		expect(await publish(body)).toEqual(refusal);
		expect((await gateway.ask("GET", "/api/bundles")).text).toBe(
			'{"bundles":[]}',
		);
	});

	it.each([
		"/api/bundles/..%2f..%2fetc/1",
		"/api/bundles/b/..%2f1",
		"/api/bundles/b%00/1",
		"/api/bundles/b/%ff",
		"/api/bundles/jobs/1",
	])("is not at %s", async (path) => {
		expect(await publish(text({}), path)).toEqual(BAD);
	});

	it("is by those who may", async () => {
		expect(
			await publish(text({}), "/api/bundles/b/1", gateway.otherKey),
		).toEqual([403, "PERMISSION_DENIED"]);
		const { status } = await gateway.ask("DELETE", "/api/bundles/b", {
			headers: { authorization: `Bearer ${gateway.otherKey}` },
		});
		expect(status).toBe(403);
	});

	it("sets no prototype, whatever its names are", async () => {
		const body = `{"__proto__":{"code":"x"},${text({ name: "__proto__", functions: [{ name: "constructor" }] }).slice(1)}`;
		expect(await publish(body, "/api/bundles/__proto__/1")).toEqual([
			201,
			undefined,
		]);
		expect(
			(await gateway.ask("POST", "/api/__proto__/constructor")).status,
		).toBe(503);
		expect(
			(await gateway.ask("POST", "/api/constructor/toString")).status,
		).toBe(404);
		expect((await gateway.ask("DELETE", "/api/bundles/__proto__")).status).toBe(
			204,
		);
		expect(
			(await gateway.ask("DELETE", "/api/bundles/constructor")).status,
		).toBe(404);
	});

	it.each([
		"..%2f..%2feasyremote.db",
		"__proto__.js",
		`${"a".repeat(64)}.js`,
		"%00.js",
	])("is not found at /bundles/%s", async (file) => {
		expect((await gateway.ask("GET", `/bundles/${file}`)).status).toBe(404);
	});
});

describe("a donor", () => {
	/** Connects as one, with what it shows of its key. */
	async function donate(
		forge: (
			proof: Awaited<ReturnType<typeof proveDonor>>,
		) => object | undefined,
		claim: Partial<Parameters<typeof proveDonor>[1]> = {},
	) {
		const nodeId = "tab-1";
		const proof = await proveDonor(await createDonorKeys(), {
			host: new URL(gateway.url).host,
			nodeId,
			instance: "raw",
			signedAt: Date.now(),
			...claim,
		});
		const socket = await RawWebSocket.open(gateway.url, `/nodes/${nodeId}`);
		const load = { running: 0, queued: 0, maxConcurrent: 1 };
		socket.control("hello", {
			version: 1,
			role: "node",
			agent: "raw",
			instance: "raw",
			credential: gateway.key,
			nodeId,
			node: {
				kind: "donor",
				tags: [],
				direct: false,
				load,
				donor: forge(proof) as typeof proof,
			},
		});
		return socket;
	}

	it.each<[string, Parameters<typeof donate>]>([
		["no proof", [() => undefined]],
		["another's key", [(proof) => ({ ...proof, key: "A".repeat(43) })]],
		["a key that is none", [(proof) => ({ ...proof, key: "_".repeat(43) })]],
		[
			"another signature",
			[(proof) => ({ ...proof, signature: "A".repeat(86) })],
		],
		["another time", [(proof) => ({ ...proof, signedAt: proof.signedAt - 1 })]],
		["an old proof", [(proof) => proof, { signedAt: Date.now() - 3_600_000 }]],
		[
			"a proof for another gateway",
			[(proof) => proof, { host: "other.example" }],
		],
		["a proof for another tab", [(proof) => proof, { nodeId: "tab-2" }]],
		["a proof for another process", [(proof) => proof, { instance: "other" }]],
	])("with %s is not let in", async (_what, said) => {
		expect(await (await donate(...said)).closed).toBe(4401);
	});

	it.each<[string, object]>([
		["a key of another length", { key: "A" }],
		["a key with odd characters", { key: "ä".repeat(43) }],
		["a time that is a text", { signedAt: "now" }],
	])("with %s speaks no protocol of ours", async (_what, fields) => {
		const socket = await donate((proof) => ({ ...proof, ...fields }));
		expect(await socket.closed).toBe(4400);
	});

	it("offers nothing of its own", async () => {
		const socket = await donate((proof) => proof);
		await socket.next("welcome");
		const own = {
			public: true,
			authRequired: false,
			idempotent: true,
			stream: false,
		};
		socket.control("register_function", {
			functions: [{ ...own, name: "add" }],
		});
		expect((await socket.next("error")).payload.code).toBe("PERMISSION_DENIED");
		socket.control("register_function", {
			functions: [
				{ ...own, name: "b@1/f" },
				{ ...own, name: "__proto__/f" },
			],
		});
		await socket.next("function_registered");
		expect((await gateway.ask("GET", "/api")).text).not.toContain("tab-1");
		socket.close();
	});

	it.each(["", "x".repeat(255), "__proto__", "\0"])(
		"is not taken off by %j",
		async (body) => {
			expect(
				(await gateway.ask("POST", "/donate/leave", { body })).status,
			).toBe(204);
		},
	);

	it("is not taken off by a megabyte", async () => {
		const { status } = await gateway.ask("POST", "/donate/leave", {
			body: "x".repeat(MIB),
		});
		expect(status).toBe(413);
	});
});
