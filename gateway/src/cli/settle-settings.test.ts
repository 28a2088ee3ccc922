import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import { SETTINGS } from "./settings-schema.js";
import {
	type Environment,
	type GivenFlags,
	settleSettings,
} from "./settle-settings.js";

const folder = mkdtempSync(join(tmpdir(), "easyremote-config-"));
const config = join(folder, "gateway.json");

afterAll(() => {
	rmSync(folder, { recursive: true });
});

function write(settings: unknown): void {
	writeFileSync(
		config,
		typeof settings === "string" ? settings : JSON.stringify(settings),
	);
}

function settle(flags: GivenFlags, environment: Environment = {}) {
	return settleSettings(flags, environment).settings;
}

function refusal(named: string): unknown {
	return expect.objectContaining({
		code: "INVALID_ARGUMENT",
		message: expect.stringContaining(named) as string,
	});
}

describe("precedence", () => {
	it("is flags, environment, config file, defaults, for each setting by itself", () => {
		write({
			port: 1,
			host: "10.0.0.1",
			data: "data",
			auth: { allowAnonymous: true },
			limits: { maxConnections: 7, maxConnectionsPerAddress: 8, stunBurst: 9 },
		});
		const environment = {
			EASYREMOTE_CONFIG: config,
			EASYREMOTE_PORT: "2",
			EASYREMOTE_HOST: "10.0.0.2",
			EASYREMOTE_LIMITS_MAX_CONNECTIONS_PER_ADDRESS: "80",
			EASYREMOTE_LIMITS_STUN_BURST: "90",
			HOME: "/root",
		};
		const flags = { port: "3", limitsStunBurst: "900" };
		const { settings, origins } = settleSettings(flags, environment);
		expect(settings).toMatchObject({
			port: 3,
			host: "10.0.0.2",
			data: join(folder, "data"),
			auth: { allowAnonymous: true },
			limits: {
				maxConnections: 7,
				maxConnectionsPerAddress: 80,
				stunBurst: 900,
				stunPerSecond: 50,
			},
		});
		expect(
			["port", "host", "data", "limits.stunBurst", "limits.stunPerSecond"].map(
				(name) => origins.get(name),
			),
		).toEqual([
			{ source: "flag", name: "--port" },
			{ source: "environment", name: "EASYREMOTE_HOST" },
			{ source: "file", name: config },
			{ source: "flag", name: "--limits-stun-burst" },
			{ source: "default" },
		]);
		expect(settle({ allowAnonymous: "false" }, environment).auth).toMatchObject(
			{ allowAnonymous: false },
		);
	});

	it("knows short names", () => {
		const environment = { EASYREMOTE_OPEN_DONORS: "yes" };
		expect(settle({}, environment).donors.open).toBe(true);
		expect(settle({ openDonors: true }, {}).donors.open).toBe(true);
		const flags = { donorsEmbedOrigins: "https://blog.example.com" };
		expect(settle(flags, {}).donors).toMatchObject({
			open: false,
			embedOrigins: ["https://blog.example.com"],
		});
	});

	it("ends in defaults", () => {
		expect(settle({})).toMatchObject({
			port: 8080,
			host: "127.0.0.1",
			data: "./easyremote-data",
		});
	});

	it("holds for certificate and key apart", () => {
		write({ tls: { cert: "cert.pem", key: "/etc/key.pem" } });
		expect(settle({ config }).tls).toMatchObject({
			cert: join(folder, "cert.pem"),
			key: "/etc/key.pem",
		});
		expect(
			settle({ config }, { EASYREMOTE_TLS_CERT: "other.pem" }).tls,
		).toMatchObject({ cert: "other.pem", key: "/etc/key.pem" });
	});
});

describe("every setting", () => {
	it("has names of its own", () => {
		for (const key of ["name", "attribute", "flag", "variable"] as const)
			expect(new Set(SETTINGS.map((leaf) => leaf[key])).size).toBe(
				SETTINGS.length,
			);
	});

	it("that is a limit can be given by flag and by environment", () => {
		const limits = SETTINGS.filter(({ path }) => path[0] === "limits");
		expect(limits.length).toBeGreaterThan(30);
		for (const { name, attribute, variable, path } of limits) {
			const key = (path[1] ?? "") as keyof typeof DEFAULT_LIMITS;
			const value = DEFAULT_LIMITS[key] ?? 600;
			for (const [flags, environment, source] of [
				[{ [attribute]: String(value) }, {}, "flag"],
				[{}, { [variable]: String(value) }, "environment"],
			] as const) {
				const { settings, origins } = settleSettings(flags, environment);
				expect(settings.limits[key]).toBe(value);
				expect(origins.get(name)).toMatchObject({ source });
			}
		}
	});

	it.each([
		[
			{ corsOrigins: "https://a.example,https://b.example" },
			["cors", "origins"],
			["https://a.example", "https://b.example"],
		],
		[
			{ corsOrigins: "https://a.example" },
			["cors", "origins"],
			["https://a.example"],
		],
		[{ corsOrigins: "" }, ["cors", "origins"], []],
		[{ iceStun: "false" }, ["ice", "stun"], false],
		[
			{ trustedProxies: "127.0.0.1,10.0.0.0/8" },
			["trustedProxies"],
			["127.0.0.1", "10.0.0.0/8"],
		],
		[
			{
				authJwtIssuer: "i",
				authJwtAudience: "a,b",
				authJwtJwks: "https://issuer.example/jwks",
			},
			["auth", "jwt"],
			{
				issuer: "i",
				audience: ["a", "b"],
				jwks: "https://issuer.example/jwks",
			},
		],
		[{ iceStun: "stun:a,stun:b" }, ["ice", "stun"], ["stun:a", "stun:b"]],
		[
			{ iceTurn: '{"urls":"turn:a","secret":"s"}' },
			["ice", "turn", "secret"],
			"s",
		],
		[{ webUi: "no" }, ["webUi"], false],
		[{ webUi: true }, ["webUi"], true],
		[{ host: "1234" }, ["host"], "1234"],
		[
			{ routingStrategy: "round_robin" },
			["routing", "strategy"],
			"round_robin",
		],
	])("is read as its schema wants it: %j", (flags, path, value) => {
		let settled: unknown = settle(flags);
		for (const key of path) settled = (settled as Record<string, unknown>)[key];
		expect(settled).toEqual(value);
	});
});

describe("what is at fault", () => {
	it.each([
		[{ prot: 1 }, "prot"],
		[{ limits: { nope: 1 } }, "limits.nope"],
		[{ port: "x" }, "port"],
		["{ not json", config],
		['{"ice": {"turn": {"secret": hunter2}}}', config],
		["[]", config],
	])("in a config file is named with the file: %j", (settings, named) => {
		write(settings);
		expect(() => settle({ config })).not.toThrow(/hunter2/);
		expect(() => settle({ config })).toThrow(refusal(named));
		expect(() => settle({ config })).toThrow(
			settings === "[]" ? refusal("object") : refusal(config),
		);
	});

	it.each([
		[{}, { EASYREMOTE_PROT: "1" }, "EASYREMOTE_PROT"],
		[
			{},
			{ EASYREMOTE_LIMITS_MAX_CONECTIONS: "1" },
			"EASYREMOTE_LIMITS_MAX_CONECTIONS",
		],
		[{}, { EASYREMOTE_PORT: "http" }, '"port" from EASYREMOTE_PORT'],
		[
			{},
			{ EASYREMOTE_LIMITS_MAX_CONNECTIONS: "-1" },
			'"limits.maxConnections" from EASYREMOTE_LIMITS_MAX_CONNECTIONS',
		],
		[{ port: "99999" }, {}, '"port" from --port'],
		[{ corsOrigins: "*" }, {}, "--cors-origins"],
		[{}, { EASYREMOTE_ALLOW_ANONYMOUS: "maybe" }, "EASYREMOTE_ALLOW_ANONYMOUS"],
		[{ logLevel: "loud" }, {}, '"logLevel" from --log-level'],
		[{ tlsCert: "x" }, {}, "--tls-key"],
		[{ tlsClientCa: "x" }, {}, "--tls-cert"],
		[{ trustedProxies: "localhost" }, {}, "--trusted-proxies"],
		[{ authJwtIssuer: "i" }, {}, "--auth-jwt-audience"],
		[{ config: "/does/not/exist.json" }, {}, "/does/not/exist.json"],
		[{ limitsMaxBufferedBytes: "200000" }, {}, "--limits-max-buffered-bytes"],
	])(
		"is named with its flag or variable: %j %j",
		(flags, environment, named) => {
			expect(() => settle(flags, environment)).toThrow(refusal(named));
		},
	);

	it("is never a secret, nor is what was meant to be one repeated", () => {
		const turn = '{"urls":"turn:a","secret":"hunter2",}';
		for (const [flags, environment] of [
			[{ iceTurn: turn }, {}],
			[{}, { EASYREMOTE_ICE_TURN: turn }],
		] as const) {
			expect(() => settle(flags, environment)).toThrow(refusal("ice.turn"));
			expect(() => settle(flags, environment)).not.toThrow(/hunter2/);
		}
	});
});

it("leaves the variables of clients and nodes alone", () => {
	expect(() =>
		settle({}, { EASYREMOTE_GATEWAY: "https://gw", EASYREMOTE_KEY: "er_x" }),
	).not.toThrow();
});
