import { deferred } from "@easyremote/shared/async";
import { packEnvelope } from "@easyremote/shared/codec";
import { ManualClock } from "@easyremote/shared/time";
import { afterEach, describe, expect, it } from "vitest";
import { ANONYMOUS, DEVELOPER } from "../auth/principal.js";
import {
	DEFAULT_LIMITS,
	type GatewayLimits,
} from "../config/gateway-limits.js";
import { CallRates } from "../limits/call-quota.js";
import { poster, problem } from "./testing/requests.js";
import { scriptedApp } from "./testing/scripted-app.js";
import { scriptedProvider } from "./testing/scripted-node.js";

let scripted: ReturnType<typeof scriptedApp>;

afterEach(() => scripted.close());

function open(
	limits: Partial<GatewayLimits>,
	functions: Parameters<typeof scriptedApp>[0] = {},
	options: Parameters<typeof scriptedApp>[1] = {},
) {
	scripted = scriptedApp(
		{ one: () => 1, ...functions },
		{ limits: { ...DEFAULT_LIMITS, ...limits }, ...options },
	);
	return poster(scripted.app);
}

describe("calls a minute", () => {
	it("are counted for each principal, with word of when to come back", async () => {
		const clock = new ManualClock();
		const post = open(
			{},
			{},
			{
				rates: new CallRates({ callsPerMinute: 2 }, clock),
				authenticate: (credential) =>
					Promise.resolve({ ...DEVELOPER, id: credential ?? "nobody" }),
			},
		);
		const call = (who: string) =>
			post("/api/one", { args: [] }, { authorization: `Bearer ${who}` });
		expect([(await call("a")).status, (await call("a")).status]).toEqual([
			200, 200,
		]);
		const refused = await call("a");
		expect(refused.status).toBe(429);
		expect(refused.headers.get("retry-after")).toBe("30");
		expect(await problem(refused)).toMatchObject({
			code: "RESOURCE_EXHAUSTED",
			retryable: true,
			details: { reason: "rate_limit", retryAfterMs: 30_000 },
		});
		expect((await call("b")).status).toBe(200);
		await clock.advance(30_000);
		expect((await call("a")).status).toBe(200);
	});

	it("are counted by address for those without a credential", () => {
		const rates = new CallRates({ callsPerMinute: 1 }, new ManualClock());
		rates.take(ANONYMOUS, "10.0.0.1");
		rates.take(ANONYMOUS, "10.0.0.2");
		expect(() => {
			rates.take(ANONYMOUS, "10.0.0.1");
		}).toThrow(expect.objectContaining({ code: "RESOURCE_EXHAUSTED" }));
	});
});

describe("calls at once", () => {
	it("are no more than allowed, and others get in when one is over", async () => {
		const [started, finish] = [deferred(), deferred()];
		const post = open(
			{ maxRunningCalls: 1 },
			{
				wait: async () => {
					started.resolve();
					await finish.promise;
				},
			},
		);
		const waiting = post("/api/wait", { args: [] });
		await started.promise;
		const refused = await post("/api/one", { args: [] });
		expect(refused.status).toBe(429);
		expect(await problem(refused)).toMatchObject({
			details: { reason: "too_many_calls", retryAfterMs: 1_000 },
		});
		finish.resolve();
		expect((await waiting).status).toBe(200);
		expect((await post("/api/one", { args: [] })).status).toBe(200);
		expect(scripted.running.count).toBe(0);
	});

	it("hold no more bytes of bodies than allowed, and give them back", async () => {
		const [started, finish] = [deferred(), deferred()];
		const post = open(
			{ maxBodyBytesInAll: 1_000 },
			{
				wait: async () => {
					started.resolve();
					await finish.promise;
				},
			},
		);
		const body = { args: ["x".repeat(600)] };
		const waiting = post("/api/wait", body);
		await started.promise;
		expect((await post("/api/one", body)).status).toBe(429);
		expect((await post("/api/one", { args: [] })).status).toBe(200);
		finish.resolve();
		expect((await waiting).status).toBe(200);
		expect((await post("/api/one", body)).status).toBe(200);
	});
});

describe("bodies", () => {
	it("of MessagePack may be nested so deep", async () => {
		const post = open({ maxBodyDepth: 4 });
		const send = (args: unknown[]) =>
			post("/api/one", packEnvelope({ args }), {
				"content-type": "application/msgpack",
			});
		expect((await send([[[1]]])).status).toBe(200);
		const refused = await send([[[[1]]]]);
		expect(await problem(refused)).toMatchObject({
			status: 400,
			detail: expect.stringContaining("deeper than 4") as string,
		});
	});
});

describe("a listing", () => {
	it("leaves schemas out, then nodes, where it would grow too large", async () => {
		const large = scriptedProvider(["one"]);
		const providers = Array.from({ length: 40 }, (_, index) => ({
			...large,
			nodeId: `node-${index}`,
			functions: large.functions.map((each) => ({
				...each,
				input: { description: "x".repeat(1_000) },
			})),
		}));
		open(
			{ maxListingBytes: 4_096 },
			{},
			{ providersFor: () => Promise.resolve(providers) },
		);
		const { nodes } = (await (
			await scripted.app.request("/api/nodes")
		).json()) as { nodes: unknown[] };
		expect(nodes.length).toBeGreaterThan(1);
		expect(nodes.length).toBeLessThan(40);
		const { functions } = (await (
			await scripted.app.request("/api")
		).json()) as { functions: { input?: unknown }[] };
		expect(functions[0]).not.toHaveProperty("input");
	});
});
