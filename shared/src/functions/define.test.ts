import * as v from "valibot";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { CallContext } from "./call-context.js";
import { define } from "./define.js";
import { definitionOf } from "./definition.js";

const resize = define(
	{
		input: [
			z.instanceof(Uint8Array),
			z.object({ width: z.number().int().positive() }),
			z.string().default("png"),
		],
		timeout: "30s",
	},
	async (call, image, { width }, format) => {
		call.signal.throwIfAborted();
		call.progress({ fraction: 0.5, message: "halfway" });
		call.progress(0.9);
		call.log("resized", { width });
		return `${image.length}×${width} ${format}`;
	},
);

/** A schema that takes its time. */
const slowNumber = z
	.number()
	.refine(async (value) => Promise.resolve(value > 0));

describe("a defined function", () => {
	it("is called with the caller's arguments", async () => {
		expect(await resize(new Uint8Array(3), { width: 64 })).toBe("3×64 png");
		expect(resize.name).toBe("");
		expect(definitionOf(resize)?.options.timeout).toBe("30s");
		expect(definitionOf(() => 1)).toBeUndefined();
	});

	it("has the caller's types", () => {
		expectTypeOf(resize).parameters.toEqualTypeOf<
			[
				image: Uint8Array<ArrayBuffer>,
				options: { width: number },
				format?: string | undefined,
			]
		>();
		expectTypeOf(resize).returns.toEqualTypeOf<Promise<string>>();
		// @ts-expect-error width is a number
		void resize(new Uint8Array(), { width: "64" }).catch(() => undefined);
	});

	it("refuses arguments that its schemas refuse", async () => {
		const refusal = {
			code: "INVALID_ARGUMENT",
			message: expect.stringContaining("args[1].width") as string,
		};
		const small = { width: -1 };
		await expect(resize(new Uint8Array(), small)).rejects.toMatchObject(
			refusal,
		);
		const sync = define({ input: [z.number()] }, (_call, n) => n);
		expect(() => sync("1" as unknown as number)).toThrow("args[0]");
	});

	it("gets a context of its own, even without a network", () => {
		const seen: CallContext[] = [];
		const look = define({ timeout: 5_000 }, (call) => {
			seen.push(call);
		});
		look();
		look();
		const [first, second] = seen;
		expect(first?.id).not.toBe(second?.id);
		expect(first).toMatchObject({ attempt: 1, caller: { id: "local" } });
		expect(first?.signal.aborted).toBe(false);
		expect(first?.deadline).toBeGreaterThan(Date.now());
		const forever: CallContext[] = [];
		define({}, (call) => forever.push(call))();
		expect(forever[0]?.deadline).toBeUndefined();
	});

	it("without schemas has its handler's arguments", () => {
		const mul = define(
			{ idempotent: true },
			(_call, a: number, b?: number) => a * (b ?? 2),
		);
		expectTypeOf(mul).parameters.toEqualTypeOf<
			[a: number, b?: number | undefined]
		>();
		expectTypeOf(mul).returns.toEqualTypeOf<number>();
		expect(mul(3)).toBe(6);
	});

	it("takes one schema for its only argument", () => {
		const twice = define({ input: z.number() }, (_call, n) => 2 * n);
		expectTypeOf(twice).parameters.toEqualTypeOf<[number]>();
		expect(twice(4)).toBe(8);
	});

	it("gives what the output schema makes of the result", async () => {
		const output = v.pipe(v.number(), v.transform(String));
		const now = define({ output }, () => 5);
		const later = define({ output }, () => Promise.resolve(5));
		expectTypeOf(now).returns.toEqualTypeOf<string>();
		expectTypeOf(later).returns.toEqualTypeOf<Promise<string>>();
		expect(now()).toBe("5");
		expect(await later()).toBe("5");
	});

	it("may not break its output schema", () => {
		const output = z.object({ width: z.number() });
		const broken = define(
			{ output },
			() => JSON.parse('{"width":"5"}') as { width: number },
		);
		expect(() => broken()).toThrow(
			expect.objectContaining({
				code: "FUNCTION_ERROR",
				remoteName: "InvalidResult",
				message: expect.stringContaining("result.width") as string,
			}),
		);
		// @ts-expect-error the handler gives something else
		define({ output }, () => ({ height: 1 }));
	});

	it("checks each item of a stream, and closes a generator that breaks its schema", async () => {
		let closed = false;
		const count = define(
			{ output: z.number().max(2) },
			async function* (_call, to: number) {
				try {
					for (let n = 1; n <= to; n++) yield await Promise.resolve(n);
				} finally {
					closed = true;
				}
			},
		);
		expectTypeOf(count).returns.toEqualTypeOf<AsyncGenerator<number>>();
		const items: number[] = [];
		const reading = (async () => {
			for await (const item of count(5)) items.push(item);
		})();
		await expect(reading).rejects.toMatchObject({
			remoteName: "InvalidResult",
		});
		expect(items).toEqual([1, 2]);
		expect(closed).toBe(true);
	});

	it("waits for asynchronous schemas", async () => {
		const slow = define({ input: [slowNumber] }, (_call, n) => n + 1);
		expect(await (slow(1) as unknown)).toBe(2);
		await expect(slow(-1) as unknown).rejects.toMatchObject({
			code: "INVALID_ARGUMENT",
		});
		const stream = define({ input: [slowNumber] }, async function* (_call, n) {
			yield await Promise.resolve(n);
		});
		const items: number[] = [];
		for await (const item of stream(7)) items.push(item);
		expect(items).toEqual([7]);
	});

	it("refuses options that do not exist", () => {
		expect(() =>
			define(
				// @ts-expect-error it is called concurrency
				{ name: "f", concurency: 1 },
				() => 1,
			),
		).toThrow('unknown option "concurency" of function "f"');
	});
});
