import { EasyRemoteError } from "@easyremote/shared/errors";
import { describe, expect, it } from "vitest";
import { gatewayOptionsSchema } from "./gateway-options.js";
import { parseOptions } from "./parse-options.js";

const parse = (options: unknown) =>
	parseOptions(gatewayOptionsSchema, options, "option");

describe("options", () => {
	it("have defaults that fit one machine", () => {
		expect(parse({})).toMatchObject({
			port: 8080,
			host: "127.0.0.1",
			auth: { allowAnonymous: false },
			cors: { origins: [] },
			routing: { strategy: "resource_based" },
			healthCheckInterval: 10_000,
			ice: { stun: "builtin" },
			limits: {
				maxConnections: 1_000,
				maxConnectionsPerAddress: 50,
				maxMessageBytes: 1_048_576,
			},
			webUi: true,
		});
	});

	it.each([
		[{ prot: 1 }, "prot"],
		[{ limits: { maxConection: 1 } }, "limits.maxConection"],
		[{ auth: { allowAnonymus: true } }, "auth.allowAnonymus"],
		[
			{
				ice: {
					turn: { urls: "turn:x", username: "u", credential: "c", secret: "s" },
				},
			},
			"ice.turn.secret",
		],
		[{ store: { paht: "x" } }, "store"],
	])("that do not exist are named: %j", (options, key) => {
		expect(() => parse(options)).toThrow(
			expect.objectContaining({
				code: "INVALID_ARGUMENT",
				message: expect.stringContaining(`"${key}"`) as string,
			}),
		);
	});

	it.each([
		[{ port: -1 }, "port"],
		[{ port: 1.5 }, "port"],
		[{ port: 70_000 }, "port"],
		[{ port: "8080" }, "port"],
		[{ host: "" }, "host"],
		[{ cors: { origins: ["https://a.example/path"] } }, "cors.origins.0"],
		[{ cors: { origins: ["*"] } }, "cors.origins.0"],
		[{ routing: { strategy: "fastest" } }, "routing.strategy"],
		[{ healthCheckInterval: "soon" }, "healthCheckInterval"],
		[{ healthCheckInterval: 10 }, "healthCheckInterval"],
		[{ healthCheckInterval: "2h" }, "healthCheckInterval"],
		[{ ice: { stun: "example.com" } }, "ice.stun"],
		[
			{ ice: { turn: { urls: "turn:x", secret: "s", ttl: "59s" } } },
			"ice.turn.ttl",
		],
		[
			{
				ice: {
					turn: [
						{ urls: ["turn:x", "turns:y"], secret: "s" },
						{ urls: "stun:x", secret: "s" },
					],
				},
			},
			"ice.turn.1.urls",
		],
		[
			{ ice: { turn: { urls: Array(17).fill("turn:x"), secret: "s" } } },
			"ice.turn.urls",
		],
		[
			{ ice: { turn: Array(32).fill({ urls: "turn:x", secret: "s" }) } },
			"ice.turn",
		],
		[{ limits: { maxMessageBytes: 10 } }, "limits.maxMessageBytes"],
		[{ tls: { cert: "x" } }, "tls.key"],
		[{ trustedProxies: ["10.0.0.0/33"] }, "trustedProxies.0"],
		[
			{ auth: { jwt: { issuer: "i", jwks: "https://x/" } } },
			"auth.jwt.audience",
		],
		[{ logger: {} }, "logger"],
		[{ clock: 5 }, "clock"],
	])("that are invalid are named: %j", (options, key) => {
		expect(() => parse(options)).toThrow(
			expect.objectContaining({
				code: "INVALID_ARGUMENT",
				message: expect.stringContaining(`"${key}"`) as string,
			}),
		);
	});

	it.each([
		"http://issuer.example/jwks",
		"https://user:password@issuer.example/jwks",
		"file:///jwks.json",
		{},
		{ keys: [] },
		{ keys: [{ kty: "RSA", n: "x", e: "AQAB" }] },
		{ keys: [{ kty: "OKP", crv: "Ed25519", x: "x", d: "private" }] },
	])("take no keys of tokens from %j", (jwks) => {
		const jwt = { issuer: "i", audience: "a", jwks };
		expect(() => parse({ auth: { jwt } })).toThrow(/"auth\.jwt\.jwks"/);
	});

	it.each([[null], [5], ["x"], [[]]])("must be an object: %j", (options) => {
		expect(() => parse(options)).toThrow(EasyRemoteError);
	});
});
