import type { CallContext } from "@easyremote/shared/functions";
import { FunctionTable } from "@easyremote/shared/host";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as functions from "../testing/worker-functions.js";
import { Registrar } from "./registrar.js";
import type { Register } from "./register.js";

const moduleUrl = new URL("../testing/worker-functions.ts", import.meta.url);
const refused = (message: string | RegExp) =>
	expect.objectContaining({
		code: "INVALID_ARGUMENT",
		message: expect.stringMatching(message) as string,
	}) as Error;

function fixture() {
	const table = new FunctionTable();
	const registrar = new Registrar(table);
	const invoke = (name: string, ...args: unknown[]) =>
		table.get(name).invoke({} as CallContext, args);
	return { table, registrar, register: registrar.register, invoke };
}

function add(a: number, b: number): number {
	return a + b;
}

describe("register", () => {
	it("takes a module of functions under their keys, with options for all", () => {
		const { table, register, invoke } = fixture();
		register({ add, sub: (a: number, b: number) => a - b }, { public: true });
		expect(table.names).toEqual(["add", "sub"]);
		expect(invoke("sub", 3, 1)).toBe(2);
		expect(table.describe()).toMatchObject([
			{ public: true },
			{ public: true },
		]);
	});

	it("takes one function, under its own name or another", () => {
		const { table, register, invoke } = fixture();
		register(add, { concurrency: 8 });
		register("mul", (a: number, b: number) => a * b, { authRequired: false });
		register(add, { name: "plus" });
		expect(table.names).toEqual(["add", "mul", "plus"]);
		expect(invoke("mul", 3, 4)).toBe(12);
		expect(table.get("add").options.concurrency).toBe(8);
		expect(table.get("mul").descriptor.authRequired).toBe(false);
	});

	it("takes a module by its URL, of which serving waits", async () => {
		const { table, registrar, register } = fixture();
		const loading = register(moduleUrl);
		expect(table.size).toBe(0);
		await registrar.loaded();
		await loading;
		expect(table.names).toContain("untilCancelled");
		expect(registrar.sourceOf(table.get("add"))).toEqual({
			module: moduleUrl.href,
			name: "add",
		});
	});

	it("says at `loaded` what could not be loaded, even if nobody waited for it", async () => {
		const { registrar, register } = fixture();
		void register(new URL("./nowhere.js", import.meta.url)).catch(
			() => undefined,
		);
		await expect(registrar.loaded()).rejects.toThrow(
			refused("cannot load .*nowhere.js"),
		);
	});

	it("refuses a name twice, and registers nothing of the rest", () => {
		const { table, register } = fixture();
		register(add);
		expect(() => register({ mul: add, add })).toThrow(
			expect.objectContaining({ code: "ALREADY_EXISTS" }) as Error,
		);
		expect(table.names).toEqual(["add"]);
	});

	it.each<[string, (register: Register) => void, string | RegExp]>([
		[
			"nothing",
			(register) => register(undefined as never),
			"nothing that it could register",
		],
		[
			"a module without functions",
			(register) => register({ a: 1 }),
			"no function to register",
		],
		[
			"a function without a name",
			(register) =>
				register(
					(
						() => () =>
							1
					)(),
				),
			"without a name",
		],
		["a bad name", (register) => register("a.b", add), "cannot be the name"],
		[
			"an unknown option",
			(register) => register(add, { timout: 3 } as never),
			'unknown option "timout"',
		],
		[
			"options that are none",
			(register) => register("add", add, 5 as never),
			"are an object",
		],
		[
			"a worker function of unknown origin",
			(register) => register(add, { isolate: "worker" }),
			"worker thread",
		],
		[
			"a field as if it were a method",
			(register) =>
				register(add, {
					kind: "field",
					addInitializer: () => undefined,
				} as never),
			"cannot decorate a field",
		],
	])("refuses %s", (_what, attempt, message) => {
		const { register } = fixture();
		expect(() => attempt(register)).toThrow(refused(message));
	});
});

describe("functions for worker threads", () => {
	it("need a module, and are found in it by their own names", () => {
		const { table, registrar, register } = fixture();
		register(functions.add, {
			name: "plus",
			isolate: "worker",
			module: moduleUrl,
		});
		register("sum", functions.add, {
			isolate: "worker",
			module: "/srv/functions.js",
		});
		const source = (name: string) => registrar.sourceOf(table.get(name));
		expect(source("sum")).toEqual({
			module: "file:///srv/functions.js",
			name: "add",
		});
		expect(source("plus")?.module).toBe(moduleUrl.href);
	});
});

describe("register as a method decorator", () => {
	it("registers methods bound to their instance, with and without options", async () => {
		const { table, register, invoke } = fixture();
		const { serve } = await compile(`
			export function serve(node: any) {
				class Counter {
					count = 40;
					@node.register next(by: number) { this.count += by; return this.count; }
					@node.register({ timeout: "30s", name: "reset_counter" }) reset() { this.count = 0; return 0; }
					@node.register static kind() { return "counter"; }
				}
				return new Counter();
			}`);
		serve({ register });
		expect(table.names.toSorted()).toEqual(["kind", "next", "reset_counter"]);
		expect(invoke("next", 2)).toBe(42);
		expect(invoke("reset_counter")).toBe(0);
		expect(invoke("next", 1)).toBe(1);
		expect(invoke("kind")).toBe("counter");
		expect(table.get("reset_counter").timeoutMs).toBe(30_000);
	});
});

/** Compiles decorators as tsc does: what runs these tests cannot read them. */
async function compile(
	source: string,
): Promise<{ serve: (node: { register: Register }) => unknown }> {
	const { outputText } = ts.transpileModule(source, {
		compilerOptions: {
			target: ts.ScriptTarget.ES2022,
			module: ts.ModuleKind.ESNext,
		},
	});
	const url = `data:text/javascript,${encodeURIComponent(outputText)}`;
	return (await import(/* @vite-ignore */ url)) as {
		serve: (node: { register: Register }) => unknown;
	};
}
