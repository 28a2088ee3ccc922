import { TaskScope } from "@easyremote/shared/async";
import {
	decodeValue,
	encodeValue,
	packValue,
	unpackValue,
	VALUE_MEDIA_TYPE,
} from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { ManualClock } from "@easyremote/shared/time";
import { beforeEach, describe, expect, it } from "vitest";
import { Job } from "./job.js";
import { JobDesk } from "./job-desk.js";
import { JobDoor } from "./job-door.js";
import { listJobs } from "./list-jobs.js";

interface Asked {
	readonly url: string;
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Uint8Array | undefined;
}
type Reply = (asked: Asked) => Response | Promise<Response>;

const clock = new ManualClock();
let asked: Asked[];
let replies: Reply[];
let tasks: TaskScope;

beforeEach(() => {
	asked = [];
	replies = [];
	tasks = new TaskScope();
});

function door(patient = true): JobDoor {
	return new JobDoor({
		url: "http://gateway.test/base",
		credential: "er_key",
		patient,
		clock,
		random: () => 0.5,
		tasks,
		fetch: async (url, init) => {
			const request = {
				url: typeof url === "string" ? url : "not a text",
				method: init?.method ?? "GET",
				headers: init?.headers as Record<string, string>,
				body: init?.body as Uint8Array | undefined,
			};
			asked.push(request);
			const reply = replies.shift() ?? never;
			const { signal } = init ?? {};
			let abort: () => void = () => undefined;
			const aborted = new Promise<never>((_resolve, reject) => {
				abort = () => reject(new DOMException("", "AbortError"));
				signal?.addEventListener("abort", abort);
			});
			try {
				return await Promise.race([reply(request), aborted]);
			} finally {
				signal?.removeEventListener("abort", abort);
			}
		},
	});
}
const never: Reply = () => new Promise(() => undefined);
const broken: Reply = () => Promise.reject(new TypeError("fetch failed"));
const info = (more: object = {}, etag = '"1"'): Reply => {
	const job = {
		id: "job_1",
		status: "running",
		function: "gpu-1.train",
		createdAt: "2026-01-02T03:04:05.000Z",
		deadlineAt: "2026-01-02T04:04:05.000Z",
		...more,
	};
	return () => Response.json(job, { headers: { etag } });
};
const result =
	(value: unknown): Reply =>
	() =>
		new Response(new Uint8Array(packValue(encodeValue(value))));
const problem =
	(status: number, more: object): Reply =>
	() =>
		Response.json({ detail: "it says", ...more }, { status });
const unfinished = problem(409, {
	code: "UNAVAILABLE",
	details: { reason: "job_not_finished" },
});
const spawn = (args: unknown[], options = {}, target = {}) =>
	door().spawn({
		target: { node: "gpu-1", function: "train", ...target },
		input: { args },
		options,
	});
const desk = () => Promise.resolve(new JobDesk(door(), clock));
const job = () => new Job("job_1", desk);
const settle = async () => {
	for (let turn = 0; turn < 10; turn += 1)
		await new Promise((resolve) => setImmediate(resolve));
};

describe("spawn", () => {
	it("sends arguments as they are, with credential and an idempotency key", async () => {
		replies = [info()];
		await spawn([new Map([["a", new Float32Array([1])]])], { timeout: "2h" });
		expect(asked[0]).toMatchObject({
			url: "http://gateway.test/base/api/gpu-1.train",
			method: "POST",
			headers: {
				authorization: "Bearer er_key",
				"content-type": VALUE_MEDIA_TYPE,
				prefer: "respond-async",
				"x-easyremote-timeout": "7200000",
				"idempotency-key": expect.stringMatching(/^[\w-]{22}$/) as string,
			},
		});
		const sent = unpackValue(asked[0]?.body ?? new Uint8Array());
		expect(decodeValue(sent)).toEqual([
			new Map([["a", new Float32Array([1])]]),
		]);
	});

	it("is repeated with the same key while the gateway is away", async () => {
		replies = [broken, problem(503, { code: "UNAVAILABLE" }), info()];
		const spawned = spawn([1], { idempotencyKey: "mine" });
		for (let n = 0; n < 5; n += 1) {
			await settle();
			await clock.advance(1_000);
		}
		expect(await spawned).toMatchObject({ id: "job_1" });
		expect(asked.map(({ headers }) => headers["idempotency-key"])).toEqual([
			"mine",
			"mine",
			"mine",
		]);
	});

	it("gives up after a while, and at once where nothing is to be retried", async () => {
		replies = Array<Reply>(100).fill(broken);
		const spawned = expect(spawn([])).rejects.toMatchObject({
			code: "UNAVAILABLE",
			details: { reason: "gateway_unreachable" },
		});
		for (let n = 0; n < 60; n += 1) {
			await settle();
			await clock.advance(1_000);
		}
		await spawned;
		const impatient = door(false).request("jobs");
		await expect(impatient).rejects.toMatchObject({ code: "UNAVAILABLE" });
	});

	it.each([
		["streams", [(async function* () {})()], {}, {}],
		["onProgress", [], { onProgress: () => undefined }, {}],
		["transport", [], { transport: "direct" }, {}],
		["endless timeouts", [], { timeout: Infinity }, {}],
		["tags", [], {}, { tags: ["gpu"] }],
	])(
		"refuses %s before anything is sent",
		async (_what, args, options, target) => {
			await expect(spawn(args, options, target)).rejects.toMatchObject({
				code: "INVALID_ARGUMENT",
			});
			expect(asked).toEqual([]);
		},
	);

	it("passes refusals on", async () => {
		replies = [problem(404, { code: "NOT_FOUND", hint: "did you mean …" })];
		await expect(spawn([])).rejects.toMatchObject({
			code: "NOT_FOUND",
			message: "it says",
			hint: "did you mean …",
		});
	});
});

describe("a job", () => {
	it("has a state, with times as dates and its failure as an error", async () => {
		const error = {
			code: "FUNCTION_ERROR",
			detail: "no",
			remoteName: "TypeError",
		};
		replies = [
			info({ status: "failed", error, endedAt: "2026-01-02T03:04:06Z" }),
		];
		const found = await job().status();
		expect(found.createdAt.getTime()).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
		expect(found.error).toBeInstanceOf(EasyRemoteError);
		expect(found.error).toMatchObject({
			message: "no",
			remoteName: "TypeError",
		});
	});

	it("is waited for as long as it takes, whatever becomes of the connection", async () => {
		replies = [unfinished, broken, unfinished, result(new Set([1]))];
		const waiting = job().result();
		for (let n = 0; n < 5; n += 1) {
			await settle();
			await clock.advance(1_000);
		}
		expect(await waiting).toEqual(new Set([1]));
		expect(asked.map(({ headers }) => headers["prefer"])).toEqual(
			Array(4).fill("wait=30"),
		);
	});

	it("is waited for no longer than asked, and goes on", async () => {
		const waiting = expect(
			job().result({ timeout: "5s" }),
		).rejects.toMatchObject({
			code: "DEADLINE_EXCEEDED",
			details: { timeoutMs: 5_000 },
		});
		await settle();
		await clock.advance(5_000);
		await waiting;
		expect(asked.map(({ method }) => method)).toEqual(["GET"]);
	});

	it("is left alone when the client is closed, or the signal aborts", async () => {
		const reason = new EasyRemoteError("CANCELLED", "the client was closed");
		const waiting = job().result();
		tasks.abort(reason);
		await expect(waiting).rejects.toBe(reason);
		await expect(
			job().result({ signal: AbortSignal.abort(reason) }),
		).rejects.toBe(reason);
	});

	it("tells of each change until it is over", async () => {
		const done = info({ status: "succeeded" }, '"3"');
		const same: Reply = () => new Response(null, { status: 304 });
		replies = [
			info(),
			same,
			info({ progress: { fraction: 0.5 } }, '"2"'),
			done,
		];
		const seen: unknown[] = [];
		for await (const { status, progress } of job().events())
			seen.push([status, progress?.fraction]);
		expect(seen).toEqual([
			["running", undefined],
			["running", 0.5],
			["succeeded", undefined],
		]);
		expect(asked.map(({ headers }) => headers["if-none-match"])).toEqual([
			'""',
			'"1"',
			'"1"',
			'"2"',
		]);
	});

	it("is cancelled", async () => {
		replies = [info({ status: "cancelled" })];
		expect((await job().cancel()).status).toBe("cancelled");
		expect(asked[0]?.method).toBe("DELETE");
	});

	it.each(["", "a/b", "../x", "a b"])("has no id “%s”", (id) => {
		expect(() => new Job(id, desk)).toThrow(
			expect.objectContaining({ code: "INVALID_ARGUMENT" }),
		);
	});

	it("is not what something else answers", async () => {
		replies = [() => new Response("<html>"), () => Response.json({ id: 1 })];
		for (let n = 0; n < 2; n += 1)
			await expect(job().status()).rejects.toMatchObject({ code: "INTERNAL" });
		replies = [() => new Response("<html>", { status: 404 })];
		await expect(job().status()).rejects.toMatchObject({ code: "INTERNAL" });
	});
});

it("jobs are listed page by page", async () => {
	const one = (await (
		await Promise.resolve(info()({} as Asked))
	).json()) as object;
	const page = (count: number, next?: string) => () =>
		Response.json({ jobs: Array(count).fill(one), next });
	replies = [page(200, "job_9"), page(50)];
	expect(await listJobs(door(), 300)).toHaveLength(250);
	expect(asked.map(({ url }) => url.split("?")[1])).toEqual([
		"limit=200",
		"limit=100&after=job_9",
	]);
	await expect(listJobs(door(), 0)).rejects.toMatchObject({
		code: "INVALID_ARGUMENT",
	});
});
