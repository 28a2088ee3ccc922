import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { validateArguments, validateResult } from "./validate.js";

const target = {
	name: "resize",
	options: {
		input: [
			z.instanceof(Uint8Array),
			z.object({
				width: z.number(),
				sizes: z.array(z.object({ "a b": z.string() })).optional(),
			}),
			v.optional(v.string(), "png"),
		],
		output: z.object({ list: z.array(z.number()) }),
	},
};

function issuesOf(args: readonly unknown[]): unknown {
	try {
		expect(validateArguments(target, args)).toBeInstanceOf(Array);
		return [];
	} catch (error) {
		expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
		return (error as EasyRemoteError).details?.["issues"];
	}
}

describe("validateArguments", () => {
	it("gives what the schemas make of the arguments", () => {
		const bytes = new Uint8Array(1);
		expect(validateArguments(target, [bytes, { width: 1, extra: 2 }])).toEqual([
			bytes,
			{ width: 1 },
			"png",
		]);
	});

	it("names where each issue is", () => {
		const wrong = { width: "1", sizes: [{ "a b": "x" }, { "a b": 5 }] };
		expect(issuesOf([[], wrong, 5])).toMatchObject([
			{ path: "args[0]" },
			{ path: "args[1].width" },
			{ path: 'args[1].sizes[1]["a b"]' },
			{ path: "args[2]" },
		]);
	});

	it("sums them up in its message", () => {
		expect(() => validateArguments(target, [new Uint8Array(), {}])).toThrow(
			/^invalid arguments for "resize": args\[1\]\.width: /,
		);
	});

	it("refuses too many", () => {
		expect(() => validateArguments(target, [1, 2, 3, 4])).toThrow(
			"takes at most 3 arguments, not 4",
		);
	});

	it("tells a bounded number of issues", () => {
		const sizes = new Array(10_000).fill({ "a b": 5 });
		expect(issuesOf([new Uint8Array(), { width: 1, sizes }])).toHaveLength(20);
	});

	it("lets everything pass without schemas", () => {
		const args = [1, undefined];
		expect(validateArguments({ name: "f", options: {} }, args)).toBe(args);
	});

	it("waits only for schemas that need it", async () => {
		const slow = z.string().refine((text) => Promise.resolve(text !== ""));
		const options = { input: [slow, z.number()] };
		const checked = validateArguments({ name: "f", options }, ["a", 1]);
		expect(checked).toBeInstanceOf(Promise);
		expect(await checked).toEqual(["a", 1]);
		await expect(
			validateArguments({ name: "f", options }, ["", "1"]),
		).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
	});
});

describe("validateResult", () => {
	it("gives what the schema makes of the result", () => {
		expect(validateResult(target, { list: [1], more: 1 })).toEqual({
			list: [1],
		});
		expect(validateResult({ name: "f", options: {} }, 5)).toBe(5);
	});

	it("blames the function", () => {
		expect(() => validateResult(target, { list: [1, "2"] })).toThrow(
			expect.objectContaining({
				code: "FUNCTION_ERROR",
				message: expect.stringContaining("result.list[1]: ") as string,
			}),
		);
	});
});
