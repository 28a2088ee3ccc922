import { deferred } from "@easyremote/shared/async";
import {
	decodeValue,
	encodeValue,
	packValue,
	unpackEnvelope,
	unpackValue,
	VALUE_MEDIA_TYPE,
} from "@easyremote/shared/codec";
import { RemoteFunctionError } from "@easyremote/shared/errors";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { ANONYMOUS, DEVELOPER, type Principal } from "../auth/principal.js";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import { poster, problem } from "./testing/requests.js";
import { scriptedApp } from "./testing/scripted-app.js";
import type { JobView } from "./job-view.js";

const key = (id: string, ...grants: string[]): Principal => ({
	id: `key:${id}`,
	subject: id,
	anonymous: false,
	grants: ["call:*", ...grants],
});
const WHO: Readonly<Record<string, Principal>> = {
	a: key("a"),
	b: key("b"),
	admin: key("admin", "admin"),
	nobody: ANONYMOUS,
};

let runs = 0;
let begun = deferred();
let hold = deferred();
let aborted = deferred();
beforeEach(() => {
	runs = 0;
	[begun, hold, aborted] = [deferred(), deferred(), deferred()];
});

const { app, close } = scriptedApp(
	{
		add: ([a, b]) => {
			runs += 1;
			return Number(a) + Number(b);
		},
		held: async (_args, { signal }) => {
			runs += 1;
			signal.addEventListener("abort", () => aborted.resolve());
			begun.resolve();
			await hold.promise;
			return runs;
		},
		throws: () => {
			runs += 1;
			throw new RemoteFunctionError("TypeError", "not an image");
		},
		count: async function* ([to]) {
			for (let n = 1; n <= Number(to); n += 1) yield n;
		},
		map: () => encodeValue(new Map([["a", new Float32Array([1, 2])]])),
		bytes: ([size]) => new Uint8Array(Number(size)),
	},
	{
		limits: {
			...DEFAULT_LIMITS,
			maxJobResultBytes: 1_024,
			maxUnfinishedJobsPerPrincipal: 2,
		},
		authenticate: (credential) =>
			Promise.resolve(WHO[credential ?? ""] ?? DEVELOPER),
	},
);
afterAll(close);
const post = poster(app);
const bearer = (who: string) => ({ authorization: `Bearer ${who}` });

const get = async (path: string, who = "a", headers = {}) =>
	app.request(path, { headers: { ...bearer(who), ...headers } });
const start = (path: string, body: unknown, headers = {}) =>
	post(path, body, { ...bearer("a"), prefer: "respond-async", ...headers });
const started = async (path: string, args: unknown[] = [], headers = {}) =>
	(await (await start(path, { args }, headers)).json()) as JobView;
const result = (id: string, headers = {}) =>
	get(`/api/jobs/${id}/result`, "a", { prefer: "wait=30", ...headers });

describe("a job", () => {
	it("is answered with 202 and where to find it, and then with its result", async () => {
		const response = await start("/api/scripted.add", { args: [1, 2] });
		expect(response.status).toBe(202);
		const job = (await response.json()) as JobView;
		expect(response.headers.get("location")).toBe(`/api/jobs/${job.id}`);
		expect(response.headers.get("preference-applied")).toBe("respond-async");
		expect(job.function).toBe("scripted.add");
		expect(["queued", "running"]).toContain(job.status);
		const answer = await result(job.id);
		expect(await answer.json()).toEqual({ result: 3 });
		expect(answer.headers.get("x-easyremote-node")).toBe("scripted");
		const view = (await (await get(`/api/jobs/${job.id}`)).json()) as JobView;
		expect(view).toMatchObject({ status: "succeeded", node: "scripted" });
		expect(view.callId).toBe(answer.headers.get("x-easyremote-call-id"));
		expect(Date.parse(view.expiresAt ?? "")).toBeGreaterThan(Date.now());
	});

	it("gives its result in the form asked for", async () => {
		const { id } = await started("/api/map");
		const plain = await result(id, { accept: "application/msgpack" });
		const bytes = new Uint8Array(await plain.arrayBuffer());
		expect(unpackEnvelope(bytes)).toHaveProperty("result.a");
		const whole = await result(id, { accept: VALUE_MEDIA_TYPE });
		expect(whole.headers.get("content-type")).toBe(VALUE_MEDIA_TYPE);
		const value = unpackValue(new Uint8Array(await whole.arrayBuffer()));
		expect(decodeValue(value)).toEqual(
			new Map([["a", new Float32Array([1, 2])]]),
		);
		const raw = await started("/api/bytes", [3]);
		const octets = await result(raw.id, { accept: "application/octet-stream" });
		expect(new Uint8Array(await octets.arrayBuffer())).toEqual(
			new Uint8Array(3),
		);
	});

	it("takes arguments as clients encode them", async () => {
		const body = packValue(encodeValue([20, 22]));
		const response = await start("/api/add", body, {
			"content-type": VALUE_MEDIA_TYPE,
		});
		const { id } = (await response.json()) as JobView;
		expect(await (await result(id)).json()).toEqual({ result: 42 });
		const bad = await start("/api/add", new Uint8Array([0x93, 1, 2, 3]), {
			"content-type": VALUE_MEDIA_TYPE,
		});
		expect(bad.status).toBe(400);
	});

	it("of a generator gives all items as one list", async () => {
		const { id } = await started("/api/count", [3]);
		expect(await (await result(id)).json()).toEqual({ result: [1, 2, 3] });
	});

	it("that fails gives the failure as the call would", async () => {
		const { id } = await started("/api/throws");
		const response = await result(id);
		expect(response.status).toBe(500);
		const failure = { code: "FUNCTION_ERROR", remoteName: "TypeError" };
		expect(await problem(response)).toMatchObject(failure);
		expect(await (await get(`/api/jobs/${id}`)).json()).toMatchObject({
			status: "failed",
			error: failure,
		});
	});

	it.each([
		["bytes", 2_000],
		["count", 2_000],
	])("with a result larger than is kept fails: %s", async (name, size) => {
		const { id } = await started(`/api/${name}`, [size]);
		const response = await result(id);
		expect(response.status).toBe(413);
		expect(await problem(response)).toMatchObject({
			code: "RESOURCE_EXHAUSTED",
			retryable: false,
			details: { limit: 1_024 },
		});
	});

	it("that is not over has no result yet, and says when to come again", async () => {
		const { id } = await started("/api/held");
		await begun.promise;
		const early = await get(`/api/jobs/${id}/result`);
		expect(early.status).toBe(409);
		expect(early.headers.get("retry-after")).toBe("1");
		expect(await problem(early)).toMatchObject({
			code: "UNAVAILABLE",
			retryable: true,
			details: { reason: "job_not_finished", status: "running" },
		});
		const waiting = result(id);
		hold.resolve();
		expect(await (await waiting).json()).toEqual({ result: 1 });
	});

	it("tells whoever waits of its next change, and of none with 304", async () => {
		const { id } = await started("/api/held");
		await begun.promise;
		const first = await get(`/api/jobs/${id}`);
		const etag = first.headers.get("etag") ?? "";
		const same = await get(`/api/jobs/${id}`, "a", { "if-none-match": etag });
		expect([same.status, await same.text()]).toEqual([304, ""]);
		const next = get(`/api/jobs/${id}`, "a", {
			"if-none-match": etag,
			prefer: "wait=30",
		});
		hold.resolve();
		expect(await (await next).json()).toMatchObject({ status: "succeeded" });
	});

	it("is cancelled by DELETE, which stops the function and may be repeated", async () => {
		const { id } = await started("/api/held");
		await begun.promise;
		const cancel = () =>
			app.request(`/api/jobs/${id}`, {
				method: "DELETE",
				headers: bearer("a"),
			});
		for (const response of [await cancel(), await cancel()]) {
			expect(response.status).toBe(200);
			expect(await response.json()).toMatchObject({ status: "cancelled" });
		}
		await aborted.promise;
		const response = await result(id);
		expect(response.status).toBe(499);
		expect(await problem(response)).toMatchObject({ code: "CANCELLED" });
	});

	it("that is over cannot be cancelled any more", async () => {
		const { id } = await started("/api/add", [1, 2]);
		await result(id);
		const response = await app.request(`/api/jobs/${id}`, {
			method: "DELETE",
			headers: bearer("a"),
		});
		expect(await response.json()).toMatchObject({ status: "succeeded" });
		expect(await (await result(id)).json()).toEqual({ result: 3 });
	});

	it("exists for its owner and for admins only", async () => {
		const { id } = await started("/api/add", [1, 2]);
		for (const path of [`/api/jobs/${id}`, `/api/jobs/${id}/result`]) {
			for (const who of ["b", "nobody"])
				expect(await problem(await get(path, who))).toMatchObject({
					status: 404,
					code: "NOT_FOUND",
				});
			expect((await get(path, "admin", { prefer: "wait=30" })).status).toBe(
				200,
			);
		}
		const foreign = await app.request(`/api/jobs/${id}`, {
			method: "DELETE",
			headers: bearer("b"),
		});
		expect(foreign.status).toBe(404);
		expect((await get("/api/jobs/..%2f..%00")).status).toBe(404);
	});

	it("is refused for what does not exist, for whoever is nobody, and for more time than there is", async () => {
		expect((await start("/api/missing", {})).status).toBe(404);
		expect((await start("/api/add", {}, bearer("nobody"))).status).toBe(401);
		const long = { "x-easyremote-timeout": "86400001" };
		expect((await start("/api/add", {}, long)).status).toBe(400);
	});

	it("is refused where its owner has too many, with word of when to come again", async () => {
		const jobs = [await started("/api/held"), await started("/api/held")];
		const refused = await start("/api/held", {});
		expect(refused.status).toBe(429);
		expect(refused.headers.get("retry-after")).toBe("1");
		expect(await problem(refused)).toMatchObject({
			details: { reason: "too_many_jobs", limit: 2 },
		});
		const other = await start("/api/add", { args: [1, 2] }, bearer("b"));
		expect(other.status).toBe(202);
		hold.resolve();
		for (const { id } of jobs) await result(id);
		const after = await started("/api/add", [1, 2]);
		expect((await result(after.id)).status).toBe(200);
	});
});

describe("GET /api/jobs", () => {
	it("lists one's own, newest first, page by page", async () => {
		const ids: string[] = [];
		for (let n = 0; n < 3; n += 1) {
			const response = await start(
				"/api/add",
				{ args: [n, 1] },
				bearer("admin"),
			);
			const { id } = (await response.json()) as JobView;
			await get(`/api/jobs/${id}`, "admin", { prefer: "wait=30" });
			ids.unshift(id);
		}
		const seen: string[] = [];
		let after = "";
		for (;;) {
			const response = await get(`/api/jobs?limit=2${after}`, "admin");
			const page = (await response.json()) as {
				jobs: JobView[];
				next?: string;
			};
			seen.push(...page.jobs.map(({ id }) => id));
			if (page.next === undefined) break;
			after = `&after=${page.next}`;
		}
		expect([...seen].sort()).toEqual([...ids].sort());
		expect(seen).toHaveLength(3);
	});

	it.each(["0", "201", "x", "-1", ""])(
		"refuses the limit “%s”",
		async (limit) => {
			expect((await get(`/api/jobs?limit=${limit}`)).status).toBe(400);
		},
	);
});
