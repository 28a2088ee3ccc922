import { EasyRemoteError, RemoteFunctionError } from "@easyremote/shared";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failure } from "../support/failure.js";
import { gate } from "../support/gate.js";
import { Network } from "../support/network.js";
import * as served from "../support/served.js";

// Every call here is made on both paths: only the way differs.
describe.each(["relay", "direct"] as const)(
	"a call over the %s path",
	(transport) => {
		let network: Network;
		beforeAll(async () => {
			network = await Network.start();
			await network.node(served, { id: "worker" });
		});
		afterAll(() => network.close());
		const worker = () =>
			network.client({ transport, retries: 0 }).node<typeof served>("worker");

		it("gives the value, and says how it went", async () => {
			const { value, meta } = await worker().add(1, 2).withMeta();
			expect(value).toBe(3);
			expect(meta).toMatchObject({
				nodeId: "worker",
				transport,
				attempts: 1,
				cached: false,
			});
			expect(meta.totalMs).toBeGreaterThanOrEqual(meta.runMs);
			expect(meta.bytesSent).toBeGreaterThan(0);
			expect(meta.bytesReceived).toBeGreaterThan(0);
		});

		it("tells its story in order", async () => {
			const call = worker().working(2);
			const types: string[] = [];
			for await (const { type } of call.events())
				if (types.at(-1) !== type) types.push(type);
			expect(types).toEqual([
				"queued",
				"routed",
				"started",
				"progress",
				"settled",
			]);
			expect(await call).toBe("done");
		});

		it("reports the function's progress", async () => {
			const seen: unknown[] = [];
			const working = worker().working.with({
				onProgress: ({ fraction, message }) => {
					if (fraction !== undefined) seen.push({ fraction, message });
				},
			});
			await working(2);
			expect(seen).toEqual([
				{ fraction: 0.5, message: "step 1" },
				{ fraction: 1, message: "step 2" },
			]);
		});

		it("ends with the name and message of what the function threw, and no stack", async () => {
			const error = await failure(worker().fail("no such luck"));
			expect(error).toBeInstanceOf(RemoteFunctionError);
			expect(error).toMatchObject({
				code: "FUNCTION_ERROR",
				remoteName: "TypeError",
				message: "no such luck",
				remoteStack: undefined,
			});
			expect(JSON.stringify(error.details ?? {})).not.toContain(".ts:");
		});

		it("is cancelled on the node when its signal aborts", async () => {
			const name = `abort-${transport}`;
			const aborter = new AbortController();
			const call = worker().untilAborted.with({ signal: aborter.signal })(name);
			const failed = failure(call);
			await served.started(name);
			aborter.abort(new Error("changed my mind"));
			expect(await failed).toMatchObject({ code: "CANCELLED" });
			expect(await served.aborted(name)).toBe(true);
		});

		it("is cancelled on the node by call.cancel()", async () => {
			const name = `cancel-${transport}`;
			const call = worker().untilAborted(name);
			const failed = failure(call);
			await served.started(name);
			call.cancel("enough");
			expect(await failed).toMatchObject({
				code: "CANCELLED",
				callId: call.id,
			});
			expect(await served.aborted(name)).toBe(true);
		});

		it("is over at its deadline, which the function hears of, and says in which phase it was", async () => {
			const name = `deadline-${transport}`;
			const client = worker();
			// Connected before the clock starts, so that the time is spent running.
			await client.add(0, 0);
			const error = await failure(
				client.untilAborted.with({ timeout: "1s" })(name),
			);
			expect(error).toMatchObject({
				code: "DEADLINE_EXCEEDED",
				details: { phase: "running" },
			});
			expect(await served.aborted(name)).toBe(true);
		});

		it("takes streams of values and of bytes as arguments", async () => {
			async function* numbers() {
				for (let n = 1; n <= 1000; n += 1) yield n;
			}
			expect(await worker().sum(numbers())).toBe(500_500);
			async function* chunks() {
				for (let n = 0; n < 64; n += 1) yield new Uint8Array(64 * 1024).fill(n);
			}
			expect(await worker().measure(chunks())).toEqual({
				chunks: 64,
				bytes: 64 * 64 * 1024,
				kinds: ["Uint8Array"],
			});
		});

		it("stops reading an argument stream that the function has left", async () => {
			const left = gate();
			async function* endless() {
				try {
					for (let n = 1; ; n += 1) yield n;
				} finally {
					left.open();
				}
			}
			expect(await worker().firstOf(endless())).toBe(1);
			await left.opened;
		});
	},
);

describe("a function that is not there", () => {
	it("is NOT_FOUND, with what was probably meant", async () => {
		const network = await Network.start();
		try {
			await network.node(served, { id: "worker" });
			const client = network.client({ retries: 0 });
			const missing = client.remote<() => void>("worker.untilAbortd");
			const error = await failure(missing());
			expect(error).toBeInstanceOf(EasyRemoteError);
			expect(error.code).toBe("NOT_FOUND");
			expect(`${error.message} ${error.hint ?? ""}`).toContain("untilAborted");
			expect((await failure(client.remote("nowhere.add")())).code).toBe(
				"NOT_FOUND",
			);
			expect((await failure(client.remote("nobodyHasThis")())).code).toBe(
				"NOT_FOUND",
			);
		} finally {
			await network.close();
		}
	});
});
