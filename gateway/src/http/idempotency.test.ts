import { deferred } from "@easyremote/shared/async";
import { unpackEnvelope } from "@easyremote/shared/codec";
import { RemoteFunctionError } from "@easyremote/shared/errors";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { ANONYMOUS, DEVELOPER } from "../auth/principal.js";
import type { JobView } from "./job-view.js";
import { poster, problem } from "./testing/requests.js";
import { scriptedApp } from "./testing/scripted-app.js";

let runs = 0;
let begun = deferred();
let hold = deferred();
beforeEach(() => {
	runs = 0;
	[begun, hold] = [deferred(), deferred()];
});

const { app, close } = scriptedApp(
	{
		add: ([a, b]) => {
			runs += 1;
			return Number(a) + Number(b);
		},
		held: async () => {
			runs += 1;
			begun.resolve();
			await hold.promise;
			return runs;
		},
		throws: () => {
			runs += 1;
			throw new RemoteFunctionError("TypeError", "not an image");
		},
	},
	{
		// Everybody is who they say they are.
		authenticate: (credential = "") =>
			Promise.resolve(
				credential === "nobody" ? ANONYMOUS : { ...DEVELOPER, id: credential },
			),
	},
);
afterAll(close);
const post = poster(app);
const bearer = (who: string) => ({ authorization: `Bearer ${who}` });
const start = (body: unknown, headers = {}) =>
	post("/api/add", body, {
		...bearer("a"),
		prefer: "respond-async",
		...headers,
	});

describe("an idempotency key", () => {
	const keyed = (name: string, path: string, args: unknown[], headers = {}) =>
		post(
			path,
			{ args },
			{ ...bearer("a"), "idempotency-key": name, ...headers },
		);

	it("has a request run once, however often it comes", async () => {
		const first = await keyed("k1", "/api/add", [1, 2]);
		const second = await keyed("k1", "/api/add", [1, 2], {
			accept: "application/msgpack",
		});
		expect(await first.json()).toEqual({ result: 3 });
		const body = new Uint8Array(await second.arrayBuffer());
		expect(unpackEnvelope(body)).toEqual({ result: 3 });
		expect(first.headers.get("idempotency-replayed")).toBeNull();
		expect(second.headers.get("idempotency-replayed")).toBe("true");
		expect(second.headers.get("x-easyremote-call-id")).toBe(
			first.headers.get("x-easyremote-call-id"),
		);
		expect(runs).toBe(1);
	});

	it("has requests at the same time share one answer", async () => {
		const both = ["held", "held"].map((name) =>
			keyed("k2", `/api/${name}`, []),
		);
		await begun.promise;
		hold.resolve();
		const answers = await Promise.all(both);
		for (const answer of answers)
			expect(await answer.json()).toEqual({ result: 1 });
		const replayed = answers.map(({ headers }) =>
			headers.get("idempotency-replayed"),
		);
		expect(replayed).toEqual([null, "true"]);
	});

	it("stands for one request: another one is refused", async () => {
		await keyed("k3", "/api/add", [1, 2]);
		for (const [path, args] of [
			["/api/add", [1, 3]],
			["/api/scripted.add", [1, 2]],
			["/api/throws", [1, 2]],
		] as const) {
			const response = await keyed("k3", path, [...args]);
			expect(response.status).toBe(409);
			expect(await problem(response)).toMatchObject({ code: "ALREADY_EXISTS" });
		}
		expect(runs).toBe(1);
	});

	it("is nobody else's", async () => {
		await keyed("k4", "/api/add", [1, 2]);
		const other = await keyed("k4", "/api/add", [5, 5], bearer("b"));
		expect(await other.json()).toEqual({ result: 10 });
		expect((await keyed("k", "/api/add", [], bearer("nobody"))).status).toBe(
			401,
		);
	});

	it("keeps failures of the function, not those from before it began", async () => {
		const failed = await keyed("k5", "/api/throws", []);
		const again = await keyed("k5", "/api/throws", []);
		expect([failed.status, again.status, runs]).toEqual([500, 500, 1]);
		expect(again.headers.get("idempotency-replayed")).toBe("true");
		expect((await keyed("k6", "/api/missing", [])).status).toBe(404);
		const free = await keyed("k6", "/api/add", [1, 2]);
		expect(await free.json()).toEqual({ result: 3 });
	});

	it("keeps the call going when its caller leaves", async () => {
		const controller = new AbortController();
		const leaving = app.request("/api/held", {
			method: "POST",
			headers: { ...bearer("a"), "idempotency-key": "k7" },
			signal: controller.signal,
		});
		await begun.promise;
		controller.abort();
		expect((await leaving).status).toBe(503);
		const again = app.request("/api/held", {
			method: "POST",
			headers: { ...bearer("a"), "idempotency-key": "k7" },
		});
		hold.resolve();
		expect(await (await again).json()).toEqual({ result: 1 });
	});

	it("gives the same job", async () => {
		const jobs = await Promise.all(
			[1, 2].map(() => start({ args: [1, 2] }, { "idempotency-key": "k8" })),
		);
		const [first, second] = (await Promise.all(
			jobs.map((response) => response.json()),
		)) as [JobView, JobView];
		expect(second.id).toBe(first.id);
		await app.request(`/api/jobs/${first.id}`, {
			headers: { ...bearer("a"), prefer: "wait=30" },
		});
		const again = await start({ args: [1, 2] }, { "idempotency-key": "k8" });
		const later = (await again.json()) as JobView;
		expect([later.id, later.status, runs]).toEqual([first.id, "succeeded", 1]);
	});

	it.each(["", "a b", "é", "x".repeat(256)])(
		"is refused: “%.10s”",
		async (name) => {
			const response = await keyed(name, "/api/add", []);
			expect(response.status).toBe(400);
		},
	);
});
