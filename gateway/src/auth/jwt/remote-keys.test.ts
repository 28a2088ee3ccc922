import { ManualClock } from "@easyremote/shared/time";
import type { JWK } from "jose";
import pino from "pino";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { type TestIssuer, testIssuer } from "../testing/test-issuer.js";
import type { FetchKeySet } from "./fetch-key-set.js";
import { RemoteKeys } from "./remote-keys.js";

const URL = "https://issuer.example/jwks";
let old: TestIssuer;
let fresh: TestIssuer;
let clock: ManualClock;
let asked: number;
let logged: string;
/** What the issuer answers. */
let answer: () => Promise<Response> | Response;
let keys: RemoteKeys;

beforeAll(async () => {
	old = await testIssuer(() => 0, { kid: "old" });
	fresh = await testIssuer(() => 0, { kid: "new" });
});

beforeEach(() => {
	[clock, asked, logged] = [new ManualClock(), 0, ""];
	publish(old.jwk);
	keys = make((_url, { signal }) => {
		asked += 1;
		return Promise.race([
			answer(),
			new Promise<never>((_resolve, reject) => {
				signal.addEventListener("abort", () => {
					reject(signal.reason as Error);
				});
			}),
		]);
	});
});

function make(fetch: FetchKeySet): RemoteKeys {
	const write = (line: string) => {
		logged += line;
	};
	return new RemoteKeys({ url: URL, fetch, clock, log: pino({}, { write }) });
}

function publish(...published: JWK[]): void {
	answer = () => Response.json({ keys: published });
}

function find(kid: string) {
	return keys.find({ alg: "EdDSA", kid }, { payload: "", signature: "" });
}

it("are fetched once, however many tokens come", async () => {
	await Promise.all([find("old"), find("old"), find("old")]);
	await find("old");
	expect(asked).toBe(1);
});

it("are fetched anew for a key nobody knows, but strangers cannot make that often", async () => {
	await find("old");
	publish(old.jwk, fresh.jwk);
	await clock.advance(10_000);
	await expect(find("new")).resolves.toBeDefined();
	expect(keys.generation).toBe(2);
	for (let guess = 0; guess < 100; guess += 1)
		await expect(find(`guess-${guess}`)).rejects.toMatchObject({
			code: "ERR_JWKS_NO_MATCHING_KEY",
		});
	expect(asked).toBe(2);
	await clock.advance(10_000);
	await Promise.allSettled([find("a"), find("b"), find("c")]);
	expect(asked).toBe(3);
	expect(keys.generation).toBe(2);
});

it("that a server does not give are not asked for in vain at speed", async () => {
	answer = () => new Response("no", { status: 500 });
	for (let guess = 0; guess < 100; guess += 1)
		await expect(find("old")).rejects.toMatchObject({ code: "UNAVAILABLE" });
	expect(asked).toBe(1);
	expect(logged).toContain("answered 500");
	publish(old.jwk);
	await clock.advance(10_000);
	await expect(find("old")).resolves.toBeDefined();
});

it("that the issuer withdraws go, without anybody waiting for that", async () => {
	await find("old");
	publish(fresh.jwk);
	await clock.advance(5 * 60_000);
	await expect(find("old")).resolves.toBeDefined();
	await expect.poll(() => keys.generation).toBe(2);
	await expect(find("old")).rejects.toMatchObject({
		code: "ERR_JWKS_NO_MATCHING_KEY",
	});
});

it("go on being used while the issuer is away, for an hour", async () => {
	await find("old");
	answer = () => Promise.reject(new Error("away"));
	await clock.advance(59 * 60_000);
	await expect(find("old")).resolves.toBeDefined();
	await clock.advance(60_000);
	await expect(find("old")).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

it("of an issuer that does not answer are given up after seconds", async () => {
	answer = () => new Promise(() => undefined);
	const found = find("old");
	const refused = expect(found).rejects.toMatchObject({ code: "UNAVAILABLE" });
	await clock.advance(5_000);
	await refused;
	expect(clock.pending).toBe(0);
});

it.each([
	["no JSON", () => new Response("<html>")],
	["no key set", () => Response.json({ keys: 5 })],
	["too long", () => new Response("x".repeat(300_000))],
	["empty", () => new Response(null)],
])("that are %s are none", async (_what, wrong) => {
	answer = wrong;
	await expect(find("old")).rejects.toMatchObject({ code: "UNAVAILABLE" });
	expect(logged).toContain("were not fetched");
});

it("are fetched no longer once it is closed", async () => {
	answer = () => new Promise(() => undefined);
	const found = find("old");
	keys.close();
	await expect(found).rejects.toMatchObject({ code: "UNAVAILABLE" });
	expect([logged, clock.pending]).toEqual(["", 0]);
});
