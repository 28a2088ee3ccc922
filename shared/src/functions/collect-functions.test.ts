import { describe, expect, it } from "vitest";
import { z } from "zod";
import { collectFunctions } from "./collect-functions.js";
import { define } from "./define.js";
import { functionEntry } from "./function-entry.js";
import { localContext } from "./local-context.js";

const module = {
	add: (a: number, b: number) => a + b,
	async *count(to: number) {
		for (let n = 0; n < to; n++) yield await Promise.resolve(n);
	},
	whoami: define(
		{ public: true },
		(call, greeting: string) => `${greeting} ${call.caller.id}`,
	),
	renamed: define({ name: "better_name" }, () => 1),
	version: "1.0",
	Helper: class extends Date {},
	default: () => "default",
};

const entries = collectFunctions(module);
const named = (name: string) => {
	const found = entries.find((entry) => entry.name === name);
	if (!found) throw new Error(`no entry ${name}`);
	return found;
};

describe("collectFunctions", () => {
	it("takes functions by their keys, and nothing else", () => {
		expect(entries.map(({ name }) => name)).toEqual([
			"add",
			"count",
			"whoami",
			"better_name",
		]);
	});

	it("gives a context only to those that were defined", () => {
		const call = localContext(undefined);
		expect(named("add").takesContext).toBe(false);
		expect(named("add").invoke(call, [1, 2])).toBe(3);
		expect(named("whoami").takesContext).toBe(true);
		expect(named("whoami").invoke(call, ["hello"])).toBe("hello local");
	});

	it("knows generators, and options", () => {
		expect(named("count").stream).toBe(true);
		expect(named("add").stream).toBe(false);
		expect(named("whoami").options.public).toBe(true);
	});

	it("takes options for all", () => {
		const [add] = collectFunctions({ add: module.add }, { timeout: "2s" });
		expect(add?.timeoutMs).toBe(2000);
	});

	it.each(["$add", "a b", "1st", "ä", ""])("refuses the name %j", (name) => {
		expect(() => collectFunctions({ [name]: module.add })).toThrow(
			expect.objectContaining({ code: "INVALID_ARGUMENT" }),
		);
	});

	it("takes a real module", async () => {
		const real: object = await import("./duration.js");
		expect(collectFunctions(real).map(({ name }) => name)).toEqual([
			"parseDuration",
		]);
	});
});

describe("functionEntry", () => {
	it("lets later options win over those of the definition", () => {
		const slow = define({ timeout: "1m", concurrency: 1 }, () => 1);
		const entry = functionEntry("slow", slow, { concurrency: 8 });
		expect(entry.options).toEqual({ timeout: "1m", concurrency: 8 });
		expect(functionEntry("slow", slow, { name: "fast" }).name).toBe("fast");
	});

	it("checks the items of a stream", async () => {
		const entry = functionEntry("count", module.count, {
			output: z.number().max(0),
		});
		const stream = entry.invoke(localContext(undefined), [3]);
		const items: unknown[] = [];
		await expect(
			(async () => {
				for await (const item of stream as AsyncIterable<unknown>)
					items.push(item);
			})(),
		).rejects.toMatchObject({ code: "FUNCTION_ERROR" });
		expect(items).toEqual([0]);
	});

	it("refuses unknown options", () => {
		const options: object = { timeOut: 1 };
		expect(() => functionEntry("f", () => 1, options)).toThrow("timeOut");
	});
});
