import { ManualClock, systemClock } from "@easyremote/shared/time";
import { expect, it, vi } from "vitest";
import { readFunctions, type ReadFunctionsOptions } from "./read-functions.js";

function read(code: string, options: Partial<ReadFunctionsOptions> = {}) {
	return readFunctions(code, {
		defaults: {},
		clock: systemClock,
		signal: new AbortController().signal,
		...options,
	});
}

/** What `define` leaves of a function. */
const DEFINE = `const define = (options, handler) =>
	Object.assign((...args) => handler({}, ...args), { [Symbol.for("easyremote.definition")]: { options, handler } });`;

it("finds functions, generators and what was defined with them", async () => {
	const schema = `{ "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }),
		jsonSchema: { input: () => ({ type: "number" }) } } }`;
	const found = await read(`${DEFINE}
		export const add = (a, b) => a + b;
		export async function* count() { yield 1; }
		export const half = define({ input: ${schema}, deterministic: "exact", timeout: "2s", idempotent: false }, (call, n) => n / 2);
		export class Thing {}
		export const value = 3;
		export default () => 0;`);
	expect(found).toEqual([
		expect.objectContaining({ name: "add", idempotent: true, stream: false }),
		expect.objectContaining({ name: "count", stream: true }),
		expect.objectContaining({
			name: "half",
			idempotent: false,
			deterministic: "exact",
			timeoutMs: 2_000,
			input: expect.objectContaining({
				prefixItems: [{ type: "number" }],
			}) as object,
		}),
	]);
});

it("fills in defaults where a function says nothing", async () => {
	const code = `${DEFINE}
		export const plain = () => 1;
		export const own = define({ deterministic: "none", resources: { memory: "1GB" } }, () => 2);`;
	const defaults = {
		deterministic: "engine",
		resources: { webgpu: true, memory: "512MB" },
	} as const;
	expect(await read(code, { defaults })).toMatchObject([
		{
			name: "own",
			deterministic: "none",
			resources: { memoryBytes: 1e9, webgpu: true },
		},
		{
			name: "plain",
			deterministic: "engine",
			resources: { memoryBytes: 512e6, webgpu: true },
		},
	]);
});

it("says which globals a module wants too early, a page's or Node's", async () => {
	await expect(
		read("const page = document.title; export const a = () => page;"),
	).rejects.toMatchObject({
		code: "INVALID_ARGUMENT",
		message: expect.stringContaining("document is not defined") as string,
		hint: expect.stringContaining("inside of functions") as string,
	});
	await expect(
		read("const home = process.env.HOME; export const a = () => home;"),
	).rejects.toThrow("process is not defined");
});

it("says what a module throws, or that it has no functions", async () => {
	await expect(
		read('throw new Error("not today"); export const a = () => 1;'),
	).rejects.toThrow(/throws while it loads: not today/);
	await expect(read("export const a = 1;")).rejects.toThrow(
		"exports no functions",
	);
	await expect(
		read(`${DEFINE} export const a = define({ timeout: "soon" }, () => 1);`),
	).rejects.toMatchObject({
		code: "INVALID_ARGUMENT",
		message: expect.stringContaining("is not a duration") as string,
	});
});

it("gives up a module that never ends loading", async () => {
	await expect(
		read("await new Promise(() => {}); export const a = () => 1;"),
	).rejects.toThrow("never finishes loading");
	const clock = new ManualClock();
	const reading = read("for (;;); export const a = () => 1;", { clock });
	await Promise.all([
		expect(reading).rejects.toThrow("over 10 s"),
		vi.waitFor(() => clock.advance(10_000)),
	]);
	expect(clock.pending).toBe(0);
});

it("ends when the user interrupts", async () => {
	const interrupt = new AbortController();
	const reading = read("for (;;);", { signal: interrupt.signal });
	interrupt.abort(new Error("interrupted"));
	await expect(reading).rejects.toThrow("interrupted");
});
