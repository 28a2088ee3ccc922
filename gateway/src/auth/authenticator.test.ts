import { EasyRemoteError } from "@easyremote/shared/errors";
import { createApiKey } from "@easyremote/shared/security";
import { ManualClock } from "@easyremote/shared/time";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryStore } from "../store/memory-store.js";
import type { Store } from "../store/store.js";
import type { AuthContext } from "./authenticate.js";
import { Authenticator } from "./authenticator.js";
import { createKey } from "./create-key.js";

const local: AuthContext = {
	address: "127.0.0.1",
	host: "localhost:8080",
	forwarded: false,
};
const remote: AuthContext = {
	address: "203.0.113.5",
	host: "gw.example.com",
	forwarded: false,
};

let store: Store;
let clock: ManualClock;
let lost: string[];
let logged: string[];
const open: Authenticator[] = [];

beforeEach(() => {
	store = createMemoryStore();
	clock = new ManualClock();
	lost = [];
	logged = [];
});

afterEach(() => {
	for (const each of open.splice(0)) each.close();
	expect(clock.pending).toBe(0);
});

async function authenticator(
	options: { loopbackOnly?: boolean; allowAnonymous?: boolean } = {},
): Promise<Authenticator> {
	const made = new Authenticator({
		store,
		clock,
		log: pino(
			{ level: "trace" },
			{ write: (line: string) => logged.push(line) },
		),
		allowAnonymous: options.allowAnonymous ?? false,
		loopbackOnly: options.loopbackOnly ?? false,
		lost: (ids) => lost.push(...ids),
	});
	await made.open();
	open.push(made);
	return made;
}

describe("API keys", () => {
	it("stand for a principal with the key's grants", async () => {
		const { key, record } = await createKey(
			store,
			{ role: "client", name: "laptop" },
			clock.now(),
		);
		const { authenticate } = await authenticator();
		expect(await authenticate(key, remote)).toMatchObject({
			id: `key:${record.id}`,
			subject: "laptop",
			anonymous: false,
			grants: ["call:*"],
		});
	});

	it("are stored as a hash, never as they are", async () => {
		const { key } = await createKey(store, { role: "client" }, clock.now());
		expect(JSON.stringify(await store.keys.list())).not.toContain(
			key.slice(12),
		);
	});

	it.each([
		"garbage",
		"er_",
		createApiKey().key,
		"eyJhbGciOiJub25lIn0.e30.",
		"\u0000",
	])(
		"that are not valid are refused, whatever else is allowed: %j",
		async (credential) => {
			const { authenticate } = await authenticator({
				loopbackOnly: true,
				allowAnonymous: true,
			});
			await expect(authenticate(credential, local)).rejects.toMatchObject({
				code: "UNAUTHENTICATED",
			});
			expect(logged.join("")).not.toContain(credential);
		},
	);

	it("with the right id and a wrong secret are refused", async () => {
		const { key } = await createKey(store, { role: "client" }, clock.now());
		const { authenticate } = await authenticator();
		const forged = key.slice(0, 12) + createApiKey().key.slice(12);
		await expect(authenticate(forged, remote)).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
		});
	});

	it("end when they expire, and their connections with them", async () => {
		const { key, record } = await createKey(
			store,
			{ role: "client", expiresAt: clock.now() + 60_000 },
			clock.now(),
		);
		const { authenticate } = await authenticator();
		await authenticate(key, remote);
		await clock.advance(61_000);
		expect(lost).toEqual([`key:${record.id}`]);
		await expect(authenticate(key, remote)).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
		});
	});

	it("revoked by anybody who writes to the store end within 10 s, and are told of once", async () => {
		const { key, record } = await createKey(
			store,
			{ role: "node" },
			clock.now(),
		);
		const { authenticate } = await authenticator();
		await store.keys.revoke(record.id, clock.now());
		await clock.advance(10_000);
		expect(lost).toEqual([`key:${record.id}`]);
		await expect(authenticate(key, remote)).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
		});
	});

	it("go on working while the store cannot be read", async () => {
		const { key } = await createKey(store, { role: "node" }, clock.now());
		const { authenticate } = await authenticator();
		store.version = () =>
			Promise.reject(new EasyRemoteError("UNAVAILABLE", "disk on fire"));
		await clock.advance(10_000);
		await expect(authenticate(key, remote)).resolves.toBeDefined();
		expect(logged.join("")).toContain("disk on fire");
	});

	it("cannot be guessed at speed, while valid ones from the same address still work", async () => {
		const { key } = await createKey(store, { role: "client" }, clock.now());
		const { authenticate } = await authenticator();
		const codes: unknown[] = [];
		for (let attempt = 0; attempt < 30; attempt += 1) {
			codes.push(
				await authenticate("er_bad", remote).catch(
					(error: unknown) => (error as EasyRemoteError).code,
				),
			);
		}
		expect(codes[0]).toBe("UNAUTHENTICATED");
		expect(codes.at(-1)).toBe("RESOURCE_EXHAUSTED");
		await expect(authenticate(key, remote)).resolves.toBeDefined();
		await expect(
			authenticate("er_bad", { ...remote, address: "203.0.113.6" }),
		).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
		});
		await clock.advance(2_000);
		await expect(authenticate("er_bad", remote)).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
		});
	});
});

describe("development mode", () => {
	it("lets this machine do everything", async () => {
		const { authenticate, developmentMode } = await authenticator({
			loopbackOnly: true,
		});
		expect(developmentMode).toBe(true);
		expect((await authenticate(undefined, local)).grants).toContain("admin");
		expect(
			(
				await authenticate(undefined, {
					...local,
					address: "::1",
					host: "[::1]:8080",
				})
			).anonymous,
		).toBe(false);
	});

	it.each([
		["another machine", { ...local, address: "10.0.0.7" }],
		[
			"a name that DNS gave to this machine",
			{ ...local, host: "evil.example:8080" },
		],
		["somebody behind a proxy", { ...local, forwarded: true }],
		["a request without Host", { ...local, host: undefined }],
	])("does not let %s in", async (_who, context) => {
		const { authenticate } = await authenticator({ loopbackOnly: true });
		await expect(authenticate(undefined, context)).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
		});
	});

	it("is not there on a public address", async () => {
		const made = await authenticator({ loopbackOnly: false });
		expect(made.developmentMode).toBe(false);
		await expect(made.authenticate(undefined, local)).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
		});
	});

	it("ends with the first key, for good, and with it the connections it let in", async () => {
		const made = await authenticator({ loopbackOnly: true });
		const { record } = await createKey(store, { role: "admin" }, clock.now());
		await clock.advance(10_000);
		expect(lost).toEqual(["development"]);
		await store.keys.revoke(record.id, clock.now());
		await clock.advance(10_000);
		expect(made.developmentMode).toBe(false);
		await expect(made.authenticate(undefined, local)).rejects.toMatchObject({
			code: "UNAUTHENTICATED",
		});
	});
});

it("lets strangers in as nobody where that is allowed", async () => {
	const { authenticate } = await authenticator({ allowAnonymous: true });
	expect(await authenticate(undefined, remote)).toMatchObject({
		anonymous: true,
		grants: [],
	});
});
