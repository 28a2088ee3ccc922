import { describe, expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { RemoteFunctionError } from "../errors/remote-function-error.js";
import { functionFailure } from "./function-failure.js";

const plain = { callId: "call_1", idempotent: false, exposeStacks: false };

describe("functionFailure", () => {
	it("carries name and message of what was thrown, and no stack", () => {
		const failure = functionFailure(new TypeError("no such pixel"), plain);
		expect(failure).toBeInstanceOf(RemoteFunctionError);
		expect(failure).toMatchObject({
			code: "FUNCTION_ERROR",
			remoteName: "TypeError",
			message: "no such pixel",
			remoteStack: undefined,
			callId: "call_1",
			retryable: false,
		});
	});

	it("carries the stack where the node opted in", () => {
		const failure = functionFailure(new Error("x"), {
			...plain,
			exposeStacks: true,
		});
		expect(failure).toMatchObject({
			remoteStack: expect.stringContaining("Error: x") as string,
		});
	});

	it.each([
		"text",
		42,
		undefined,
		null,
		Symbol("s"),
		{ message: "own" },
		Object.create(null),
	])("copes with a thrown %o", (thrown) => {
		expect(functionFailure(thrown, plain).code).toBe("FUNCTION_ERROR");
	});

	it("copes with an object that cannot be looked at", () => {
		const trap = {
			get message(): string {
				throw new Error("no");
			},
		};
		expect(functionFailure(trap, plain).message).toContain("unreadable");
	});

	it("lets a function answer with an error of its own choice, retryable only when idempotent", () => {
		const thrown = new EasyRemoteError("UNAVAILABLE", "the printer is off", {
			hint: "switch it on",
		});
		expect(functionFailure(thrown, plain)).toMatchObject({
			code: "UNAVAILABLE",
			hint: "switch it on",
			retryable: false,
		});
		expect(
			functionFailure(thrown, { ...plain, idempotent: true }).retryable,
		).toBe(true);
	});

	it("does not let a function speak for the network", () => {
		const thrown = new EasyRemoteError(
			"DEADLINE_EXCEEDED",
			"an inner call took too long",
		);
		expect(functionFailure(thrown, plain)).toMatchObject({
			code: "FUNCTION_ERROR",
			remoteName: "EasyRemoteError",
		});
		const nested = new RemoteFunctionError("RangeError", "too far away");
		expect(functionFailure(nested, plain)).toMatchObject({
			code: "FUNCTION_ERROR",
			remoteName: "RangeError",
		});
	});
});
