import { mkdirSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { define, RemoteFunctionError } from "@easyremote/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runJson } from "../support/commands.js";
import { failure } from "../support/failure.js";
import { gate } from "../support/gate.js";
import { Network } from "../support/network.js";
import { postJson, type RestAnswer } from "../support/rest.js";
import { type TempFolder, tempFolder } from "../support/temp-folder.js";

let gates = { begun: gate(), go: gate(), stopped: gate() };
let runs = 0;

const functions = {
	add: (a: number, b: number) => {
		runs += 1;
		return a + b;
	},
	async *count(to: number) {
		for (let n = 1; n <= to; n += 1) yield n;
	},
	echo: (value: unknown) => value,
	fail: (): never => {
		throw new TypeError("not like this");
	},
	large: (bytes: number) => new Uint8Array(bytes).fill(7),
	stepwise: define({}, async (call) => {
		runs += 1;
		call.signal.addEventListener("abort", () => gates.stopped.open());
		call.progress({ fraction: 0.5, message: "half-way" });
		gates.begun.open();
		await gates.go.opened;
		return "done";
	}),
};

let network: Network;
let data: TempFolder;
beforeAll(async () => {
	data = await tempFolder();
	network = await Network.start({ store: { path: data.path } });
	await network.node(functions, { id: "worker" });
});
afterAll(async () => {
	await network.close();
	await data.close();
});

interface Job {
	readonly id: string;
	readonly status: string;
	readonly progress?: unknown;
}

const start = async (
	ref: string,
	args: readonly unknown[],
	headers: Record<string, string> = {},
): Promise<RestAnswer> =>
	postJson(network.url, ref, { args }, { prefer: "respond-async", ...headers });
const started = async (ref: string, args: readonly unknown[] = []) => {
	gates = { begun: gate(), go: gate(), stopped: gate() };
	const answer = await start(ref, args);
	expect(answer.status).toBe(202);
	return answer.json as unknown as Job;
};
const get = (path: string, headers: Record<string, string> = {}) =>
	fetch(`${network.url}/api/jobs/${path}`, {
		headers: { prefer: "wait=30", ...headers },
	});
const result = (id: string) => get(`${id}/result`);

describe("jobs", () => {
	it("run by themselves, tell how far they are, and keep what they gave", async () => {
		const { id } = await started("worker.stepwise");
		await gates.begun.opened;
		// The next look comes when something is different.
		let seen: Job | undefined;
		for (let etag = '"none"'; seen?.progress === undefined; ) {
			const response = await get(id, { "if-none-match": etag });
			etag = response.headers.get("etag") ?? "";
			seen = (await response.json()) as Job;
		}
		expect(seen).toMatchObject({
			status: "running",
			function: "worker.stepwise",
			progress: { fraction: 0.5, message: "half-way" },
		});
		gates.go.open();
		const answer = await result(id);
		expect(answer.headers.get("x-easyremote-node")).toBe("worker");
		expect(await answer.json()).toEqual({ result: "done" });
	});

	it("of generators give a list, those that fail their failure", async () => {
		const list = await started("count", [3]);
		expect(await (await result(list.id)).json()).toEqual({ result: [1, 2, 3] });
		const failing = await started("fail");
		const response = await result(failing.id);
		expect(response.status).toBe(500);
		expect(await response.json()).toMatchObject({
			code: "FUNCTION_ERROR",
			detail: "not like this",
			remoteName: "TypeError",
		});
	});

	it("that are cancelled stop their function", async () => {
		const { id } = await started("stepwise");
		await gates.begun.opened;
		const cancelled = await fetch(`${network.url}/api/jobs/${id}`, {
			method: "DELETE",
		});
		expect(await cancelled.json()).toMatchObject({ status: "cancelled" });
		await gates.stopped.opened;
		expect((await result(id)).status).toBe(499);
	});

	it("with large results keep them, up to a limit", async () => {
		const { id } = await started("large", [1_000_000]);
		const response = await get(`${id}/result`, {
			accept: "application/octet-stream",
		});
		const bytes = new Uint8Array(await response.arrayBuffer());
		expect([bytes.length, new Set(bytes)]).toEqual([1_000_000, new Set([7])]);
		const larger = await started("large", [17 * 1024 * 1024]);
		expect((await result(larger.id)).status).toBe(413);
	});

	it("wait for a node that is away", async () => {
		const visitor = await network.node(
			{ late: () => "here" },
			{ id: "visitor" },
		);
		await visitor.close();
		const { id } = await started("visitor.late");
		const early = await fetch(`${network.url}/api/jobs/${id}/result`);
		expect(early.status).toBe(409);
		await network.node({ late: () => "here again" }, { id: "visitor" });
		expect(await (await result(id)).json()).toEqual({ result: "here again" });
	});
});

describe("jobs of a client", () => {
	it("keep every type, and are found again by another client", async () => {
		const first = network.client();
		const value = new Map<string, unknown>([["a", new Float32Array([1, 2])]]);
		const { id } = await first
			.node<typeof functions>("worker")
			.echo.with({ timeout: "10m" })
			.spawn(value);
		await first.close();
		const second = network.client();
		expect(await second.job(id).result({ timeout: "30s" })).toEqual(value);
		const [newest] = await second.jobs({ limit: 1 });
		expect(newest).toMatchObject({ id, status: "succeeded" });
	});

	it("tell of their progress, and are cancelled", async () => {
		gates = { begun: gate(), go: gate(), stopped: gate() };
		const client = network.client();
		const { id } = await client.any<typeof functions>().stepwise.spawn();
		const job = client.job<string>(id);
		const seen: unknown[] = [];
		for await (const { status, progress } of job.events()) {
			seen.push(status);
			if (progress?.fraction === 0.5) await job.cancel();
		}
		expect(seen.at(-1)).toBe("cancelled");
		await gates.stopped.opened;
		expect(await failure(job.result())).toMatchObject({ code: "CANCELLED" });
	});

	it("fail as their function does", async () => {
		const client = network.client();
		const { id } = await client.remote<typeof functions.fail>("fail").spawn();
		const error = await failure(client.job(id).result());
		expect(error).toBeInstanceOf(RemoteFunctionError);
		expect(error).toMatchObject({ remoteName: "TypeError" });
		const unknown = client.job("job_of_nobody");
		expect(await failure(unknown.status())).toMatchObject({
			code: "NOT_FOUND",
		});
	});

	it("are started, listed and fetched on the command line", async () => {
		const gateway = ["--gateway", network.url];
		const [made] = await runJson<{ id: string }>("client", [
			...["call", "worker.add", "20", "22", "--spawn"],
			...gateway,
		]);
		const id = made?.id ?? "";
		expect(await runJson("client", ["jobs", "result", id, ...gateway])).toEqual(
			[42],
		);
		const listed = await runJson<Job>("client", ["jobs", ...gateway]);
		expect(listed[0]).toMatchObject({ id, status: "succeeded" });
		expect(
			await runJson("client", ["jobs", "cancel", id, ...gateway]),
		).toMatchObject([{ id, status: "succeeded" }]);
	});
});

describe("an idempotency key", () => {
	it("has a request run once, and another with the same key refused", async () => {
		runs = 0;
		const headers = { "idempotency-key": "0b5a7c1e" };
		const send = (args: number[]) =>
			postJson(network.url, "add", { args }, headers);
		const answers = await Promise.all([send([1, 2]), send([1, 2])]);
		const later = await send([1, 2]);
		for (const { json } of [...answers, later])
			expect(json).toEqual({ result: 3 });
		expect(later.headers.get("idempotency-replayed")).toBe("true");
		expect(runs).toBe(1);
		const other = await send([1, 3]);
		expect(other.json).toMatchObject({ status: 409, code: "ALREADY_EXISTS" });
	});
});

it("key commands work on the store while the gateway uses it", async () => {
	const folder = await tempFolder();
	const makeKey = async (role: string) => {
		const flags = ["--role", role, "--data", folder.path];
		const [made] = await runJson<{ key: string }>("gateway", [
			...["key", "create"],
			...flags,
		]);
		return made?.key ?? "";
	};
	const [nodeKey, clientKey] = [await makeKey("node"), await makeKey("client")];
	const busy = await Network.start({ store: { path: folder.path } });
	const call = (key: string, name: string) =>
		postJson(
			busy.url,
			"add",
			{ args: [1, 2] },
			{ authorization: `Bearer ${key}`, "idempotency-key": name },
		);
	try {
		await busy.node(functions, { id: "worker", key: nodeKey });
		const making = makeKey("client");
		let made: string | undefined;
		void making.then((key) => {
			made = key;
		});
		let calls = 0;
		while (made === undefined) {
			expect((await call(clientKey, `call-${calls}`)).json).toEqual({
				result: 3,
			});
			calls += 1;
		}
		expect(calls).toBeGreaterThan(0);
		// The gateway looks for new keys every two seconds.
		await expect
			.poll(async () => (await call(await making, "new")).status)
			.toBe(200);
	} finally {
		await busy.close();
		await folder.close();
	}
});

it("a full disk is UNAVAILABLE, and over when there is room", async ({
	skip,
}) => {
	const folder = await tempFolder();
	const disk = `${folder.path}/disk`;
	mkdirSync(disk);
	const mounted = spawnSync("mount", [
		"-t",
		"tmpfs",
		"-o",
		"size=2m",
		"tmpfs",
		disk,
	]);
	if (mounted.status !== 0) {
		await folder.close();
		skip("a disk that can be filled takes root and tmpfs");
	}
	const small = await Network.start({ store: { path: disk } });
	try {
		await small.node(functions, { id: "worker" });
		const filling = await fetch(`${small.url}/api/large`, {
			method: "POST",
			headers: { "content-type": "application/json", prefer: "respond-async" },
			body: '{"args":[1200000]}',
		});
		const { id } = (await filling.json()) as Job;
		await fetch(`${small.url}/api/jobs/${id}/result`, {
			headers: { prefer: "wait=30" },
		});
		// Does not fit beside the first: refused, and the gateway goes on.
		const body = JSON.stringify({ args: ["x".repeat(1_500_000)] });
		const submit = () =>
			fetch(`${small.url}/api/add`, {
				method: "POST",
				headers: {
					"content-type": "application/json",
					prefer: "respond-async",
				},
				body,
			});
		const refused = await submit();
		expect(refused.status).toBe(503);
		expect(await refused.json()).toMatchObject({
			code: "UNAVAILABLE",
			hint: expect.stringContaining("free space") as string,
		});
		expect((await postJson(small.url, "add", { args: [1, 2] })).status).toBe(
			200,
		);
		spawnSync("mount", ["-o", "remount,size=16m", disk]);
		expect((await submit()).status).toBe(202);
	} finally {
		await small.close();
		// Lazily: the database's files are let go of only when its statements are collected as garbage.
		spawnSync("umount", ["-l", disk]);
		await folder.close();
	}
});
