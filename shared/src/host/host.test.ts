import { describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { RemoteFunctionError } from "../errors/remote-function-error.js";
import { define } from "../functions/define.js";
import type { CallerIdentity } from "../protocol/control-messages.js";
import { hostFixture } from "./testing/host-fixture.js";
import { settle } from "./testing/scripted-caller.js";

describe("a call", () => {
	it("is accepted, run, answered and over", () => {
		const { caller, host, reports } = hostFixture({
			add: (a: number, b: number) => a + b,
		});
		const call = caller().call("add", [1, 2]);
		expect(call.types).toEqual(["function_response"]);
		expect(call.result).toBe(3);
		expect(call.ended).toBe(true);
		expect(call.released).toBe(1);
		expect(host.load).toEqual({ running: 0, queued: 0, maxConcurrent: 10 });
		expect(reports).toMatchObject([
			{
				callId: "call_1",
				functionName: "add",
				transport: "relay",
				error: undefined,
			},
		]);
	});

	it("may answer later, and with nothing", async () => {
		const { caller, clock } = hostFixture({
			later: () =>
				new Promise((resolve) => clock.schedule(100, () => resolve("done"))),
			nothing: () => undefined,
		});
		const call = caller().call("later");
		expect(call.types).toEqual(["accepted"]);
		await clock.advance(100);
		expect(call.result).toBe("done");
		expect(call.said.at(-1)?.header).toMatchObject({ runMs: 100 });
		expect(caller().call("nothing").result).toBeUndefined();
	});

	it("of an unknown function is NOT_FOUND, with what was probably meant", () => {
		const { caller } = hostFixture({ resize: () => 1 });
		const { error } = caller().call("resise");
		expect(error.code).toBe("NOT_FOUND");
		expect(error.hint).toContain('"resize"');
		expect(caller().call("__proto__").error.code).toBe("NOT_FOUND");
	});

	it("takes REST's args and kwargs, and answers as JSON when asked to", () => {
		const { caller } = hostFixture({ echo: (...args: unknown[]) => args });
		const call = caller().call(
			"echo",
			{ args: [1], kwargs: { width: 2 } },
			{ format: "json", named: true, accept: "json" },
		);
		expect(call.result).toEqual([1, { width: 2 }]);
		expect(call.said.at(-1)?.format).toBe("json");
	});

	it("hands a single binary over as it is", () => {
		const { caller } = hostFixture({
			size: (bytes: Uint8Array) => bytes.length,
		});
		expect(
			caller().call("size", new Uint8Array(7), { format: "bytes" }).result,
		).toBe(7);
	});

	it("that says what a caller may not say is cancelled", () => {
		const { caller, host } = hostFixture({
			wait: () => new Promise(() => undefined),
		});
		const call = caller().call("wait").call("wait");
		expect(call.cancelled?.code).toBe("INVALID_ARGUMENT");
		expect(host.load.running).toBe(0);
	});

	it("that ends before it begins leaves nothing behind", () => {
		const { caller, host } = hostFixture({ add: () => 1 });
		const call = caller();
		call.hangUp();
		expect(host.load.running).toBe(0);
		expect(call.said).toEqual([]);
	});
});

describe("what a function throws", () => {
	it("reaches the caller as RemoteFunctionError, without a stack", async () => {
		const { caller } = hostFixture({
			sync: () => {
				throw new TypeError("no");
			},
			async: () => Promise.reject(new RangeError("far")),
		});
		expect(caller().call("sync").error).toMatchObject({
			remoteName: "TypeError",
			remoteStack: undefined,
		});
		const late = caller().call("async");
		await settle();
		expect(late.error).toBeInstanceOf(RemoteFunctionError);
		expect(late.error.message).toBe("far");
	});

	it("includes results that cannot be sent, named", () => {
		const { caller } = hostFixture({ bad: () => ({ callback: () => 1 }) });
		const { error } = caller().call("bad");
		expect(error.code).toBe("FUNCTION_ERROR");
		expect(error.message).toContain('the result of "bad" cannot be sent');
	});
});

describe("authorisation", () => {
	const nobody: CallerIdentity = {
		id: "anonymous",
		subject: "anonymous",
		anonymous: true,
		grants: [],
	};
	const bob: CallerIdentity = {
		id: "key_bob",
		subject: "bob",
		anonymous: false,
		grants: ["call:calc.open"],
	};
	const functions = {
		open: () => "open",
		shut: () => "shut",
		shown: define({ public: true }, () => "shown"),
		free: define({ authRequired: false, public: true }, () => "free"),
	};

	it("lets in who has a grant, and nobody else", () => {
		const { caller } = hostFixture(functions);
		expect(caller(bob).call("open").result).toBe("open");
		expect(caller(bob).call("shown").error.code).toBe("PERMISSION_DENIED");
	});

	it("lets strangers call only what requires no authentication", () => {
		const { caller } = hostFixture(functions);
		expect(caller(nobody).call("free").result).toBe("free");
		expect(caller(nobody).call("shown").error.code).toBe("UNAUTHENTICATED");
	});

	it("says nothing of what is hidden, not even that it is there", () => {
		const { caller } = hostFixture(functions);
		for (const who of [bob, nobody]) {
			const hidden = caller(who).call("shut").error;
			const missing = caller(who).call("shud").error;
			expect(hidden.code).toBe("NOT_FOUND");
			expect(missing).toMatchObject({ code: "NOT_FOUND", hint: undefined });
			expect(hidden.message).toBe(missing.message.replace("shud", "shut"));
			expect(hidden.hint).toBeUndefined();
		}
	});
});

describe("arguments", () => {
	const schema = {
		"~standard": {
			version: 1 as const,
			vendor: "test",
			validate: (value: unknown) =>
				typeof value === "number"
					? { value: value * 2 }
					: { issues: [{ message: "expected a number" }] },
		},
	};

	it("are validated, and arrive as the schema left them", async () => {
		const { caller } = hostFixture({
			twice: define({ input: [schema] }, (_call, n) => n),
		});
		const call = caller().call("twice", [4]);
		await settle();
		expect(call.result).toBe(8);
		const bad = caller().call("twice", ["four"]);
		await settle();
		expect(bad.error.code).toBe("INVALID_ARGUMENT");
		expect(bad.types).toEqual(["error"]);
		expect(bad.error.details?.["issues"]).toBeDefined();
	});
});

describe("the context", () => {
	it("tells the function about its call and the caller about its progress", async () => {
		const { caller, clock } = hostFixture({
			work: define({}, async (call) => {
				const { progress, log, signal } = call;
				progress(0.25);
				progress({ fraction: 0.5, message: "half", data: { done: 1 } });
				log("working", { step: 2 });
				await Promise.resolve();
				return {
					id: call.id,
					attempt: call.attempt,
					caller: { id: call.caller.id, subject: call.caller.subject },
					deadline: call.deadline,
					aborted: signal.aborted,
				};
			}),
		});
		const call = caller().call("work", [], { deadlineMs: 500, attempt: 2 });
		await settle();
		expect(call.types).toEqual([
			"accepted",
			"progress",
			"progress",
			"log",
			"function_response",
		]);
		expect(call.said[2]).toMatchObject({
			header: { fraction: 0.5, message: "half" },
			value: { done: 1 },
		});
		expect(call.said[3]).toMatchObject({
			header: { message: "working" },
			value: { step: 2 },
		});
		expect(call.result).toEqual({
			id: "call_1",
			attempt: 2,
			caller: { id: "key_anna", subject: "anna" },
			deadline: clock.now() + 500,
			aborted: false,
		});
	});

	it("fires the signal when the caller cancels or is gone", () => {
		let reason: unknown;
		const { caller, host } = hostFixture({
			wait: define({}, ({ signal }) => {
				signal.addEventListener("abort", () => {
					reason = signal.reason;
				});
				return new Promise(() => undefined);
			}),
		});
		const call = caller().call("wait");
		call.fail();
		expect(reason).toMatchObject({ code: "CANCELLED" });
		expect(host.load.running).toBe(0);
		expect(call.types).toEqual(["accepted"]);
	});
});

describe("errors that a function chooses", () => {
	it("travel as they are", () => {
		const { caller } = hostFixture({
			find: () => {
				throw new EasyRemoteError("NOT_FOUND", "no such picture");
			},
		});
		expect(caller().call("find").error).toMatchObject({
			code: "NOT_FOUND",
			message: "no such picture",
		});
	});
});
