import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferred } from "@easyremote/shared/async";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./program.js";

const NOW = Date.UTC(2030, 0, 1);

let folder: string;
let out: string;
let err: string;
/** Settles once something was written to standard output. */
let written = deferred();
let stop = deferred();
/** A second signal. */
let again = deferred();

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "easyremote-cli-"));
});

afterEach(() => {
	rmSync(folder, { recursive: true });
});

function command(
	args: readonly string[],
	environment: Record<string, string> = {},
): Promise<number> {
	[out, err, written, stop, again] = [
		"",
		"",
		deferred(),
		deferred(),
		deferred(),
	];
	let asked = 0;
	return run(args, {
		out: {
			write: (text: string) => {
				out += text;
				written.resolve();
			},
		},
		err: {
			write: (text: string) => {
				err += text;
			},
		},
		environment,
		signals: { next: () => (asked++ === 0 ? stop.promise : again.promise) },
		now: () => NOW,
		logger: () => pino({ level: "silent" }),
	});
}

describe("start", () => {
	it("says where it is, who may come in, and what to type next", async () => {
		const running = command(["--port", "0", "--data", folder]);
		await written.promise;
		expect(out).toContain("port, data (flags)");
		expect(out).toMatch(/listening on http:\/\/127\.0\.0\.1:\d+\n/);
		expect(out).toContain("Development mode");
		expect(out).toMatch(
			/npx easyremote-node functions\.js --gateway http:\/\/127\.0\.0\.1:\d+\n/,
		);
		stop.resolve();
		expect(await running).toBe(0);
		expect(err).toContain("Draining");
	});

	it("does not wait for anything when it is told twice", async () => {
		const running = command(["--port", "0", "--data", folder]);
		await written.promise;
		stop.resolve();
		again.resolve();
		expect(await running).toBe(130);
	});

	it("shows the first admin key once, on a public address", async () => {
		const running = command([
			"--port",
			"0",
			"--host",
			"0.0.0.0",
			"--data",
			folder,
			"--json",
		]);
		await written.promise;
		const { url, adminKey } = JSON.parse(out) as Record<string, string>;
		expect((await fetch(`${url ?? ""}/api`)).status).toBe(401);
		const response = await fetch(`${url ?? ""}/api`, {
			headers: { authorization: `Bearer ${adminKey ?? ""}` },
		});
		expect(response.status).toBe(200);
		stop.resolve();
		await running;
		expect(err).not.toContain(adminKey);
		expect(out.split(adminKey ?? "")).toHaveLength(2);
	});

	it("says that its port is in use", async () => {
		const server = createServer().listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = server.address() as { port: number };
		expect(await command(["--port", String(port), "--data", folder])).toBe(1);
		expect(out).toBe("");
		expect(err).toContain(`127.0.0.1:${port}`);
		expect(err).toContain("in use");
		expect(err).not.toMatch(/\.[jt]s:\d+/);
		server.close();
	});
});

describe("usage", () => {
	it.each([
		[["--prot", "1"], "--prot"],
		[["--port", "http"], "port"],
		[["--tls-cert", "x.pem"], "--tls-key"],
		[["--tls-cert", "/no.pem", "--tls-key", "/no.pem"], "/no.pem"],
		[["start"], "argument"],
		[["key", "create"], "--role"],
		[["key", "create", "--role", "king"], "king"],
		[["key", "create", "--role", "client", "--expires", "soon"], "soon"],
		[
			["key", "create", "--role", "client", "--grant", "everything"],
			"everything",
		],
		[["key", "revoke"], "id"],
	])("%j is told apart from failure, by name", async (args, named) => {
		expect(await command([...args, "--data", folder])).toBe(2);
		expect(out).toBe("");
		expect(err).toContain(named);
	});

	it("covers environment and config file", async () => {
		const config = join(folder, "config.json");
		writeFileSync(config, '{"prot": 1}');
		expect(await command(["--config", config])).toBe(2);
		expect(err).toContain('"prot"');
		expect(err).toContain(config);
		expect(await command([], { EASYREMOTE_PROT: "1" })).toBe(2);
		expect(err).toContain("EASYREMOTE_PROT");
	});

	it("is explained on request", async () => {
		expect(await command(["--help"])).toBe(0);
		expect(out).toContain("--allow-anonymous");
		expect(out).toContain("EASYREMOTE_LIMITS_MAX_CONNECTIONS");
		expect(out).toContain("130");
		expect(await command(["key", "create", "--help"])).toBe(0);
		expect(out).toContain("--expires");
	});
});

describe("--print-config", () => {
	const environment = {
		EASYREMOTE_LIMITS_MAX_CONNECTIONS: "77",
		EASYREMOTE_ICE_TURN: '{"urls":"turn:a.example","secret":"hunter2"}',
	};

	it("shows every setting and where it came from, and starts nothing", async () => {
		const config = join(folder, "gateway.json");
		writeFileSync(config, '{"host": "10.0.0.1"}');
		const args = ["--print-config", "--config", config, "--port", "1234"];
		expect(await command(args, environment)).toBe(0);
		expect(out).toMatch(/^port +1234 +--port$/m);
		expect(out).toMatch(
			/^limits\.maxConnections +77 +EASYREMOTE_LIMITS_MAX_CONNECTIONS$/m,
		);
		expect(out).toMatch(/^host +10\.0\.0\.1 +.*gateway\.json$/m);
		expect(out).toMatch(/^webUi +true +default$/m);
		expect(out).toMatch(/^tls\.cert +\(unset\) +default$/m);
		expect(out).not.toContain("hunter2");
	});

	it("does so as JSON", async () => {
		const args = ["--print-config", "--json", "--web-ui", "no"];
		expect(await command(args, environment)).toBe(0);
		const { settings } = JSON.parse(out) as {
			settings: Record<string, unknown>;
		};
		expect(settings).toMatchObject({
			port: { value: 8080, source: "default" },
			webUi: { value: false, source: "flag", from: "--web-ui" },
			"ice.turn": {
				value: { urls: "turn:a.example", secret: "(set)" },
				source: "environment",
				from: "EASYREMOTE_ICE_TURN",
			},
		});
		expect(out).not.toContain("hunter2");
	});
});

describe("key", () => {
	it("create prints nothing but the key on standard output", async () => {
		const args = [
			"key",
			"create",
			"--role",
			"node",
			"--grant",
			"node:gpu-*",
			"call:add",
			"--data",
			folder,
		];
		expect(await command(args)).toBe(0);
		expect(out).toMatch(/^er_[a-z0-9]{8}_[A-Za-z0-9_-]{43}\n$/);
		expect(err).not.toContain(out.trim());
	});

	it("list shows what there is, without secrets", async () => {
		await command([
			"key",
			"create",
			"--role",
			"client",
			"--name",
			"laptop",
			"--expires",
			"30d",
			"--data",
			folder,
			"--json",
		]);
		const { id, key } = JSON.parse(out) as Record<string, string>;
		expect(await command(["key", "list", "--data", folder, "--json"])).toBe(0);
		expect(JSON.parse(out)).toEqual({
			id,
			role: "client",
			name: "laptop",
			grants: ["call:*"],
			state: "valid",
			createdAt: new Date(NOW).toISOString(),
			expiresAt: new Date(NOW + 30 * 86_400_000).toISOString(),
		});
		expect(out).not.toContain(key?.slice(12));
		expect(
			await command(["key", "list", "--data", join(folder, "empty")]),
		).toBe(0);
		expect([out, err]).toEqual(["", "There are no keys.\n"]);
	});

	it("revoke takes an id, or the key itself", async () => {
		await command([
			"key",
			"create",
			"--role",
			"client",
			"--data",
			folder,
			"--json",
		]);
		const { id, key } = JSON.parse(out) as Record<string, string>;
		expect(
			await command(["key", "revoke", key ?? "", "--data", folder, "--json"]),
		).toBe(0);
		expect(JSON.parse(out)).toEqual({ id, state: "revoked" });
		await command(["key", "list", "--data", folder], {});
		expect(out).toMatch(/revoked\s+client/);
		expect(
			await command(["key", "revoke", "nobody00", "--data", folder, "--json"]),
		).toBe(1);
		expect(JSON.parse(err)).toMatchObject({
			event: "error",
			error: { code: "NOT_FOUND" },
		});
	});
});
