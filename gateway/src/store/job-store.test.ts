import {
	mkdtempSync,
	readdirSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEVELOPER } from "../auth/principal.js";
import type { JobEnd, JobRecord } from "./job-record.js";
import { createMemoryStore } from "./memory-store.js";
import { MIGRATIONS } from "./migrations.js";
import { openSqliteStore } from "./sqlite-store.js";
import type { Store } from "./store.js";

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "easyremote-jobs-"));
});
afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

const job: JobRecord = {
	id: "job_1",
	kind: "job",
	principal: { ...DEVELOPER, id: "key:a", grants: ["call:*"] },
	target: { node: "gpu-1", function: "train" },
	status: "queued",
	idempotent: false,
	createdAt: 1_000,
	deadlineAt: 61_000,
	claim: { key: "k", fingerprint: "f" },
};

const succeeded: JobEnd = {
	status: "succeeded",
	endedAt: 2_000,
	expiresAt: 9_000,
	nodeId: "gpu-1",
	callId: "c-1",
};

const small = new Uint8Array([1, 2, 3]);
const large = new Uint8Array(200_000).fill(7);

const implementations: readonly (readonly [string, () => Store])[] = [
	["memory", createMemoryStore],
	["sqlite", () => openSqliteStore(folder)],
];

describe.each(implementations)("jobs in a %s store", (_name, open) => {
	let store: Store;

	beforeEach(() => {
		store = open();
	});
	afterEach(() => store.close());

	it("are kept as they were given, with what they are called with", async () => {
		await store.jobs.insert(job, small);
		expect(await store.jobs.find("job_1")).toEqual(job);
		expect(await store.jobs.findByKey("key:a", "k")).toEqual(job);
		expect(await store.jobs.findByKey("key:b", "k")).toBeUndefined();
		expect(Buffer.from((await store.jobs.input("job_1")) ?? [])).toEqual(
			Buffer.from(small),
		);
		expect(await store.jobs.find("job_2")).toBeUndefined();
		expect(await store.jobs.input("job_2")).toBeUndefined();
	});

	it.each([
		["small", small],
		["large", large],
	])("end with a %s result, and drop their arguments", async (_size, value) => {
		await store.jobs.insert(job, value);
		await store.jobs.mark("job_1", {
			status: "running",
			idempotent: true,
			startedAt: 1_500,
		});
		await store.jobs.finish("job_1", succeeded, value);
		expect(await store.jobs.find("job_1")).toEqual({
			...job,
			...succeeded,
			idempotent: true,
			startedAt: 1_500,
		});
		const result = await store.jobs.result("job_1");
		expect(Buffer.compare(result ?? small.slice(1), value)).toBe(0);
		expect(await store.jobs.input("job_1")).toBeUndefined();
	});

	it("that are over stay as they are", async () => {
		await store.jobs.insert(job, undefined);
		await store.jobs.finish("job_1", succeeded, undefined);
		await store.jobs.mark("job_1", {
			status: "running",
			idempotent: false,
			startedAt: 5,
		});
		expect((await store.jobs.find("job_1"))?.status).toBe("succeeded");
		expect(await store.jobs.recover()).toEqual([]);
	});

	it("keep why they failed", async () => {
		const error = {
			code: "FUNCTION_ERROR",
			message: "no",
			remoteName: "TypeError",
			details: { limit: 1 },
		};
		await store.jobs.insert(job, undefined);
		await store.jobs.finish(
			"job_1",
			{ ...succeeded, status: "failed", error },
			undefined,
		);
		expect((await store.jobs.find("job_1"))?.error).toEqual(error);
	});

	it("are one for each key of an owner, until the key is released or the job forgotten", async () => {
		await store.jobs.insert(job, undefined);
		const again = { ...job, id: "job_2" };
		await expect(store.jobs.insert(again, large)).rejects.toMatchObject({
			code: "ALREADY_EXISTS",
		});
		expect(await store.jobs.find("job_2")).toBeUndefined();
		const other = { ...again, principal: { ...job.principal, id: "key:b" } };
		await store.jobs.insert(other, undefined);
		await store.jobs.finish(
			"job_1",
			{ ...succeeded, status: "failed", releaseKey: true },
			undefined,
		);
		expect(await store.jobs.findByKey("key:a", "k")).toBeUndefined();
		await store.jobs.insert({ ...job, id: "job_3" }, undefined);
		await store.jobs.remove("job_3");
		await store.jobs.insert({ ...job, id: "job_4" }, undefined);
		expect((await store.jobs.findByKey("key:a", "k"))?.id).toBe("job_4");
	});

	it("are listed newest first, by owner, page by page, mere calls left out", async () => {
		const { claim: _none, ...plain } = job;
		for (let n = 1; n <= 5; n += 1)
			await store.jobs.insert(
				// Two of them at the same time: the id decides.
				{ ...plain, id: `job_${n}`, createdAt: Math.min(n, 4) },
				undefined,
			);
		await store.jobs.insert({ ...plain, id: "call", kind: "call" }, undefined);
		await store.jobs.insert(
			{ ...plain, id: "foreign", principal: { ...job.principal, id: "key:b" } },
			undefined,
		);
		const page = async (after?: JobRecord) =>
			store.jobs.list({ owner: "key:a", after, limit: 2 });
		const first = await page();
		const second = await page(first[1]);
		const third = await page(second[1]);
		const ids = [first, second, third].map((each) => each.map(({ id }) => id));
		expect(ids).toEqual([["job_5", "job_4"], ["job_3", "job_2"], ["job_1"]]);
	});

	it("are forgotten when they have expired, a few at a time", async () => {
		const { claim: _none, ...plain } = job;
		for (let n = 1; n <= 3; n += 1) {
			await store.jobs.insert({ ...plain, id: `job_${n}` }, undefined);
			await store.jobs.finish(`job_${n}`, succeeded, large);
		}
		await store.jobs.insert({ ...plain, id: "unfinished" }, undefined);
		expect(await store.jobs.sweep(8_999, 2)).toBe(0);
		expect(await store.jobs.sweep(9_000, 2)).toBe(2);
		expect(await store.jobs.sweep(9_000, 2)).toBe(1);
		expect(await store.jobs.sweep(9_000, 2)).toBe(0);
		const left = await store.jobs.list({ owner: "key:a", limit: 9 });
		expect(left.map(({ id }) => id)).toEqual(["unfinished"]);
	});
});

describe("jobs in a sqlite store", () => {
	const files = () => readdirSync(join(folder, "values"));

	it("survive, those written at once with those written one by one", async () => {
		const first = openSqliteStore(folder);
		const { claim: _none, ...plain } = job;
		await Promise.all(
			Array.from({ length: 50 }, (_, n) =>
				first.jobs.insert({ ...plain, id: `job_${n}` }, n % 2 ? large : small),
			),
		);
		await first.jobs.finish("job_0", succeeded, large);
		// No farewell: the next process opens what this one left.
		const second = openSqliteStore(folder);
		expect(await second.jobs.recover()).toHaveLength(49);
		expect(await second.jobs.result("job_0")).toHaveLength(large.length);
		await second.close();
		await first.close();
	});

	it("take only their own failure back when several are written at once", async () => {
		const store = openSqliteStore(folder);
		const outcomes = await Promise.allSettled(
			["job_1", "job_2", "job_3"].map((id, n) =>
				store.jobs.insert(
					{
						...job,
						id,
						claim: { key: n === 2 ? "other" : "k", fingerprint: "" },
					},
					undefined,
				),
			),
		);
		expect(outcomes.map(({ status }) => status)).toEqual([
			"fulfilled",
			"rejected",
			"fulfilled",
		]);
		await store.close();
	});

	it("leave no files behind: not when they end, are refused or forgotten, nor after a crash", async () => {
		const store = openSqliteStore(folder);
		await store.jobs.insert(job, large);
		expect(files()).toEqual(["job_1.input"]);
		await store.jobs.finish("job_1", succeeded, large);
		expect(files()).toEqual(["job_1.result"]);
		for (const name of [
			"job_9.result",
			"job_1.input",
			"job_1.result.part",
			"x",
		])
			writeFileSync(join(folder, "values", name), "left over");
		await store.jobs.recover();
		expect(files()).toEqual(["job_1.result"]);
		await store.jobs.sweep(9_000, 10);
		expect(files()).toEqual([]);
		await store.close();
	});

	it("end when the large result that could not be written can be", async () => {
		const store = openSqliteStore(folder);
		await store.jobs.insert(job, undefined);
		const values = join(folder, "values");
		renameSync(values, `${values}.away`);
		await expect(
			store.jobs.finish("job_1", succeeded, large),
		).rejects.toMatchObject({ code: "UNAVAILABLE" });
		expect((await store.jobs.find("job_1"))?.status).toBe("queued");
		renameSync(`${values}.away`, values);
		await store.jobs.finish("job_1", succeeded, large);
		expect(await store.jobs.result("job_1")).toHaveLength(large.length);
		await store.close();
	});

	it("come to a database of the first release, whose keys stay", async () => {
		const old = new Database(join(folder, "easyremote.db"));
		old.exec(MIGRATIONS[0] ?? "");
		old.exec("PRAGMA user_version = 1");
		old.exec(
			"INSERT INTO keys VALUES ('abcd1234', 'ff', 'client', 'old', '[]', 1, NULL, NULL)",
		);
		old.close();
		const store = openSqliteStore(folder);
		expect((await store.keys.list()).map(({ name }) => name)).toEqual(["old"]);
		await store.jobs.insert(job, undefined);
		expect(await store.jobs.find("job_1")).toEqual(job);
		await store.close();
	});
});
