import { isJobOver } from "@easyremote/shared/protocol";
import { deferred } from "@easyremote/shared/async";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { ManualClock } from "@easyremote/shared/time";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEVELOPER } from "../auth/principal.js";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import { DEFAULT_JOBS } from "../config/job-options.js";
import {
	type Scripted,
	scriptedCaller,
	scriptedProvider,
} from "../http/testing/scripted-node.js";
import { createMemoryJobStore } from "../store/memory-job-store.js";
import type { JobStore } from "../store/job-store.js";
import { JobDesk } from "./job-desk.js";
import { packInput } from "./job-input.js";
import type { JobRequest } from "./job-request.js";
import { LiveJob } from "./live-job.js";

/** A store that fails while `broken` says so. */
function faultyStore(store: JobStore) {
	const state = { broken: undefined as EasyRemoteError | undefined };
	const faulty: JobStore = new Proxy(store, {
		get(target, name: keyof JobStore) {
			return async (...args: never[]) => {
				if (state.broken) throw state.broken;
				return (target[name] as (...all: never[]) => unknown)(...args);
			};
		},
	});
	return { faulty, state };
}

const full = new EasyRemoteError("UNAVAILABLE", "the disk is full");

let clock: ManualClock;
let store: JobStore;
let desks: JobDesk[];
let present: boolean;
let valid: boolean;
let idempotent: boolean;
let hold = deferred();
let runs: number;
const order: unknown[] = [];

const functions: Readonly<Record<string, Scripted>> = {
	one: ([word]) => {
		runs += 1;
		order.push(word);
		return 1;
	},
	held: async (_args, { signal }) => {
		runs += 1;
		await Promise.race([
			hold.promise,
			new Promise((resolve) => signal.addEventListener("abort", resolve)),
		]);
		return runs;
	},
};
let node: ReturnType<typeof scriptedCaller>;

beforeEach(() => {
	clock = new ManualClock();
	store = createMemoryJobStore();
	desks = [];
	order.length = 0;
	[present, valid, idempotent, runs] = [true, true, false, 0];
	hold = deferred();
	node = scriptedCaller(functions);
});
afterEach(async () => {
	for (const desk of desks) desk.halt();
	node.close();
	for (const desk of desks) await desk.close();
});

const absent = () =>
	new EasyRemoteError("UNAVAILABLE", "no node that provides it is online");

function openDesk(options: { limits?: Partial<typeof DEFAULT_LIMITS> } = {}) {
	const desk = new JobDesk({
		store,
		callerFor: () => {
			if (present) return node.caller;
			const nobody = scriptedCaller({});
			return nobody.caller;
		},
		providersFor: (query) => {
			const names = Object.keys(functions);
			const known = names.includes(query.function ?? "");
			const provider = scriptedProvider(names);
			const error = known
				? present
					? undefined
					: absent()
				: new EasyRemoteError("NOT_FOUND", "no such function");
			return Promise.resolve({
				providers: error
					? []
					: [
							{
								...provider,
								functions: provider.functions.map((each) => ({
									...each,
									idempotent,
								})),
							},
						],
				error,
				version: "",
				loadVersion: "",
			});
		},
		stillValid: () => valid,
		settings: DEFAULT_JOBS,
		limits: { ...DEFAULT_LIMITS, ...options.limits },
		clock,
		log: pino({ level: "silent" }),
		newId: () => `job_${String((ids += 1)).padStart(4, "0")}`,
	});
	desks.push(desk);
	return desk;
}
let ids = 0;

const request = (
	name: string,
	options: Partial<JobRequest> & { word?: string; owner?: string } = {},
): JobRequest => ({
	kind: "job",
	principal: { ...DEVELOPER, id: options.owner ?? "key:a" },
	target: { function: name },
	input: packInput({ args: [options.word ?? ""] }),
	timeoutMs: 3_600_000,
	cache: true,
	...options,
});

async function submit(desk: JobDesk, wanted: JobRequest): Promise<string> {
	const { job } = await desk.submit(wanted);
	return job.id;
}

/** Lets everything happen that needs no time. */
const settle = async () => {
	for (let turn = 0; turn < 20; turn += 1)
		await new Promise((resolve) => setImmediate(resolve));
};
const statusOf = async (id: string) => (await store.find(id))?.status;

describe("the store", () => {
	it("knows a job before anybody is told of it, that it runs before it does, and its end before anybody hears", async () => {
		const desk = openDesk();
		const id = await submit(desk, request("held"));
		expect(await statusOf(id)).toMatch(/queued|running/);
		await settle();
		expect([await statusOf(id), runs]).toEqual(["running", 1]);
		hold.resolve();
		await settle();
		expect(await statusOf(id)).toBe("succeeded");
		expect(desk.stats).toEqual({ unfinished: 0, running: 0 });
	});

	it("that cannot be written refuses jobs, and takes them again afterwards", async () => {
		const { faulty, state } = faultyStore(store);
		store = faulty;
		const desk = openDesk();
		state.broken = full;
		await expect(desk.submit(request("one"))).rejects.toMatchObject({
			code: "UNAVAILABLE",
		});
		expect(runs).toBe(0);
		state.broken = undefined;
		const id = await submit(desk, request("one"));
		await settle();
		expect(await statusOf(id)).toBe("succeeded");
	});

	it("gets a result that it had no room for once there is some", async () => {
		const { faulty, state } = faultyStore(store);
		store = faulty;
		const desk = openDesk();
		const id = await submit(desk, request("held"));
		await settle();
		state.broken = full;
		hold.resolve();
		await settle();
		expect((await desk.find(id, DEVELOPER)).record.status).toBe("running");
		await expect(desk.cancel(id, DEVELOPER)).rejects.toBe(full);
		await clock.advance(60_000);
		state.broken = undefined;
		await clock.advance(5_000);
		await settle();
		expect(await statusOf(id)).toBe("succeeded");
		expect(runs).toBe(1);
	});
});

describe("a job whose node is away", () => {
	it("waits for it so long", async () => {
		present = false;
		const desk = openDesk();
		const id = await submit(desk, request("one"));
		await clock.advance(20_000);
		await settle();
		expect(await statusOf(id)).toBe("queued");
		present = true;
		for (let n = 0; n < 10; n += 1) {
			await clock.advance(1_000);
			await settle();
		}
		expect([await statusOf(id), runs]).toEqual(["succeeded", 1]);
	});

	it("fails after that", async () => {
		present = false;
		const desk = openDesk();
		const id = await submit(desk, request("one"));
		for (let n = 0; n < 50; n += 1) {
			await clock.advance(1_000);
			await settle();
		}
		expect(await statusOf(id)).toBe("failed");
		expect(runs).toBe(0);
	});
});

it("jobs run so many at once, their owners in turn", async () => {
	const desk = openDesk({ limits: { maxRunningJobs: 1 } });
	await submit(desk, request("held"));
	await settle();
	for (const word of ["a1", "a2", "a3"])
		await submit(desk, request("one", { word }));
	await submit(desk, request("one", { word: "b1", owner: "key:b" }));
	await settle();
	expect([order, desk.stats]).toEqual([[], { unfinished: 5, running: 1 }]);
	hold.resolve();
	await settle();
	expect(order).toEqual(["a1", "b1", "a2", "a3"]);
});

it("a job that has not begun when its time is up never does", async () => {
	const desk = openDesk({ limits: { maxRunningJobs: 1 } });
	await submit(desk, request("held"));
	const id = await submit(desk, request("one", { timeoutMs: 5_000 }));
	await clock.advance(5_000);
	await settle();
	expect((await store.find(id))?.error?.code).toBe("DEADLINE_EXCEEDED");
	hold.resolve();
	await settle();
	expect(order).toEqual([]);
});

it("jobs end with their owner's credential, running or not", async () => {
	const desk = openDesk({ limits: { maxRunningJobs: 1 } });
	const jobs = [
		await submit(desk, request("held")),
		await submit(desk, request("one")),
	];
	const other = await submit(desk, request("one", { owner: "key:b" }));
	await settle();
	desk.drop(["key:a"]);
	await settle();
	for (const id of jobs)
		expect((await store.find(id))?.error?.code).toBe("UNAUTHENTICATED");
	expect(await statusOf(other)).toBe("succeeded");
	valid = false;
	const late = await submit(desk, request("one"));
	await settle();
	expect((await store.find(late))?.error?.code).toBe("UNAUTHENTICATED");
});

it("jobs are forgotten after a day", async () => {
	const desk = openDesk();
	await desk.open();
	const id = await submit(desk, request("one"));
	await settle();
	await clock.advance(DEFAULT_JOBS.keep - 1_000);
	await settle();
	expect(await statusOf(id)).toBe("succeeded");
	await clock.advance(61_000);
	await settle();
	expect(await statusOf(id)).toBeUndefined();
	await expect(desk.find(id, DEVELOPER)).rejects.toMatchObject({
		code: "NOT_FOUND",
	});
});

describe("after a restart", () => {
	/** Ends a desk in the middle of what it does; tests of the whole kill its process. */
	async function crash(desk: JobDesk): Promise<void> {
		desk.halt();
		node.close();
		await desk.close();
		node = scriptedCaller(functions);
	}

	it("a job that had not begun runs", async () => {
		const first = openDesk({ limits: { maxRunningJobs: 1 } });
		await submit(first, request("held"));
		const id = await submit(first, request("one"));
		await settle();
		await crash(first);
		await openDesk().open();
		await settle();
		expect([await statusOf(id), order]).toEqual(["succeeded", [""]]);
	});

	it.each([
		[false, "failed", 1],
		[true, "succeeded", 2],
	])(
		"a job that ran, of a function that is idempotent: %s, has %s",
		async (twice, status, times) => {
			idempotent = twice;
			const first = openDesk();
			const id = await submit(first, request("held"));
			await settle();
			await crash(first);
			hold.resolve();
			await openDesk().open();
			await settle();
			expect([await statusOf(id), runs]).toEqual([status, times]);
			const error = twice ? undefined : "ABORTED";
			expect((await store.find(id))?.error?.code).toBe(error);
		},
	);

	it.each([
		[false, { code: "ABORTED" }],
		[true, undefined],
	])(
		"the key of a call that ran, of a function that is idempotent: %s, answers %j",
		async (twice, error) => {
			idempotent = twice;
			const call = request("held", {
				kind: "call",
				claim: { key: "k", fingerprint: "f" },
			});
			const first = openDesk();
			await first.submit(call);
			await settle();
			await crash(first);
			hold.resolve();
			const second = openDesk();
			await second.open();
			const { job, replayed } = await second.submit(call);
			expect(replayed).toBe(!twice);
			await settle();
			const record = job instanceof LiveJob ? job.record : job;
			expect(isJobOver(record.status)).toBe(true);
			if (error) expect(record.error).toMatchObject(error);
			else expect(record.error).toBeUndefined();
		},
	);
});
