// Stands for the node Worker of a donor: pools of sandboxed Workers, one for each bundle, as a donor has them.
import { SandboxedWorkers, WorkerPool } from "@easyremote/browser-node/worker";
import { fromWireError, toWireError } from "@easyremote/shared/errors";
import { type CallContext, streamOf } from "@easyremote/shared/functions";
import { systemClock } from "@easyremote/shared/time";
import { expose } from "comlink";
import type {
	BenchWorkerApi,
	TestBundle,
	TestCall,
	TestOutcome,
} from "./bench-port.js";

let workers: SandboxedWorkers | undefined;
const pools = new Map<string, Promise<WorkerPool>>();

const api: BenchWorkerApi = {
	begin(page) {
		workers = new SandboxedWorkers(page, systemClock);
	},
	failed(worker, error) {
		workers?.failed(worker, fromWireError(error));
	},
	async call(call) {
		const told: unknown[] = [];
		try {
			return { ...(await run(call, told)), told };
		} catch (error) {
			return { error: toWireError(error), told };
		}
	},
};
expose(api);

async function run(
	{ bundle, name, args = [], inputs, timeoutMs = 10_000 }: TestCall,
	told: unknown[],
): Promise<Omit<TestOutcome, "told">> {
	const pool = await poolOf(bundle);
	const answer = await pool.run(
		name,
		contextOf(timeoutMs, told),
		inputs === undefined ? args : [numbers(inputs), ...args],
	);
	const stream = streamOf(answer);
	if (!stream) return { value: answer };
	const items: unknown[] = [];
	for (;;) {
		const step = await stream.next();
		if (step.done === true) return { value: step.value, items };
		items.push(step.value);
	}
}

function poolOf(bundle: TestBundle): Promise<WorkerPool> {
	const key = JSON.stringify(bundle);
	const known = pools.get(key) ?? openPool(bundle);
	pools.set(key, known);
	// What could not be loaded is tried anew.
	known.catch(() => pools.delete(key));
	return known;
}

async function openPool(bundle: TestBundle): Promise<WorkerPool> {
	if (!workers) throw new Error("begin first");
	const code = new TextEncoder().encode(bundle.code).buffer;
	const pool = new WorkerPool({
		size: bundle.size ?? 1,
		spawn: workers.spawnFor({
			code,
			sha256: bundle.sha256 ?? (await sha256(code)),
			webgpu: bundle.webgpu ?? false,
		}),
		clock: systemClock,
		isolation: bundle.isolation,
		loadTimeoutMs: bundle.loadTimeoutMs,
	});
	await pool.start();
	return pool;
}

function contextOf(timeoutMs: number, told: unknown[]): CallContext {
	return {
		id: "test-call",
		attempt: 1,
		deadline: Date.now() + timeoutMs,
		signal: AbortSignal.timeout(timeoutMs),
		caller: { id: "test", subject: "test" },
		traceparent: undefined,
		progress: (progress) => told.push(progress),
		log: (message, fields) => told.push({ message, fields }),
	};
}

async function* numbers(to: number): AsyncGenerator<number> {
	for (let number = 0; number < to; number += 1)
		yield await Promise.resolve(number);
}

async function sha256(code: ArrayBuffer): Promise<string> {
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", code));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(
		"",
	);
}
