import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { settleSettings } from "./settings-sources.js";

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

it("takes flags before environment before config file before defaults", () => {
	write({
		port: 1,
		host: "10.0.0.1",
		data: "data",
		auth: { allowAnonymous: true },
		limits: { maxConnections: 7 },
	});
	const environment = {
		EASYREMOTE_CONFIG: config,
		EASYREMOTE_PORT: "2",
		EASYREMOTE_HOST: "10.0.0.2",
		EASYREMOTE_LOG_LEVEL: "debug",
		HOME: "/root",
	};
	expect(settleSettings({ port: "3" }, environment)).toMatchObject({
		port: 3,
		host: "10.0.0.2",
		logLevel: "debug",
		data: join(folder, "data"),
		auth: { allowAnonymous: true },
		limits: { maxConnections: 7, maxConnectionsPerAddress: 50 },
	});
	expect(settleSettings({ allowAnonymous: "false" }, environment).auth).toEqual(
		{ allowAnonymous: false },
	);
	expect(settleSettings({}, {})).toMatchObject({
		port: 8080,
		host: "127.0.0.1",
		data: "./easyremote-data",
	});
});

it("takes files of a config file as relative to it", () => {
	write({ tls: { cert: "cert.pem", key: "/etc/key.pem" } });
	expect(settleSettings({ config }, {}).tls).toEqual({
		cert: join(folder, "cert.pem"),
		key: "/etc/key.pem",
	});
});

it.each([
	[{ prot: 1 }, "prot"],
	[{ limits: { nope: 1 } }, "limits.nope"],
	[{ port: "x" }, "port"],
	["{ not json", config],
	["[]", config],
])("names the key of a config file that is at fault: %j", (settings, named) => {
	write(settings);
	expect(() => settleSettings({ config }, {})).toThrow(
		expect.objectContaining({
			code: "INVALID_ARGUMENT",
			message: expect.stringContaining(named) as string,
		}),
	);
});

it.each([
	[{}, { EASYREMOTE_PROT: "1" }, "EASYREMOTE_PROT"],
	[{}, { EASYREMOTE_PORT: "http" }, "port"],
	[{ port: "99999" }, {}, "port"],
	[{}, { EASYREMOTE_ALLOW_ANONYMOUS: "maybe" }, "allow-anonymous"],
	[{ logLevel: "loud" }, {}, "logLevel"],
	[{}, { EASYREMOTE_LOG_LEVEL: "loud" }, "logLevel"],
	[{ tlsCert: "x" }, {}, "--tls-key"],
	[{ config: "/does/not/exist.json" }, {}, "/does/not/exist.json"],
])("names what is at fault: %j %j", (flags, environment, named) => {
	expect(() => settleSettings(flags, environment)).toThrow(
		expect.objectContaining({
			code: "INVALID_ARGUMENT",
			message: expect.stringContaining(named) as string,
		}),
	);
});

it("leaves the variables of clients and nodes alone", () => {
	expect(() =>
		settleSettings(
			{},
			{ EASYREMOTE_GATEWAY: "https://gw", EASYREMOTE_KEY: "er_x" },
		),
	).not.toThrow();
});
