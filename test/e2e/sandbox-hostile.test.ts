import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.js";
import type { TestBundle } from "../support/sandbox/bench-port.js";
import { SandboxBench } from "../support/sandbox/sandbox-bench.js";

/** By then the donor serves others again, ms. */
const BACK_MS = 10_000;
const HEALTHY = "export const add = (a, b) => a + b;";

/** Code that has taken hold of the port on which its Worker is served, and may say anything on it. */
const HOLDER = `
let port;
const post = MessagePort.prototype.postMessage;
MessagePort.prototype.postMessage = function (...args) { port = this; post.apply(this, args); };
const say = (report) => post.call(port, report);
const forever = () => new Promise(() => {});
`;

let browser: Browser;
let bench: SandboxBench;

beforeAll(async () => {
	// A small heap, so that a bomb of memory goes off before it harms the machine of the test.
	browser = await launchChromium(["--js-flags=--max-old-space-size=256"]);
	bench = await SandboxBench.open(browser);
});
afterAll(async () => {
	await bench.close();
	await browser.close();
});

/** The page's thread is free: it answers while a bundle does its worst. */
async function pageAnswers(): Promise<void> {
	for (let turn = 0; turn < 3; turn += 1) {
		const waited = await bench.page.evaluate(async () => {
			const start = performance.now();
			await new Promise((resolve) => setTimeout(resolve, 50));
			return performance.now() - start;
		});
		expect(waited).toBeLessThan(1_000);
	}
}

/** Calls a hostile bundle; the answer is the error its caller gets. Checks that everybody else is well. */
async function survive(
	code: string,
	options: Partial<TestBundle> = {},
	timeoutMs = 1_000,
): Promise<unknown> {
	const outcome = bench.call({ code, ...options }, "attack", { timeoutMs });
	await pageAnswers();
	const { error, value } = await outcome;
	await pageAnswers();
	const { value: sum } = await bench.call(HEALTHY, "add", {
		args: [2, 3],
		timeoutMs: BACK_MS,
	});
	expect(sum, JSON.stringify(value)).toBe(5);
	return error;
}

const coded = (code: string, message: string | RegExp = "") => ({
	code,
	message: expect.stringMatching(message) as string,
});

describe("a hostile bundle costs its own call only", () => {
	it.each<[string, string, string]>([
		[
			"an endless loop",
			"export const attack = () => { for (;;); };",
			"UNAVAILABLE",
		],
		[
			"a promise that never settles",
			"export const attack = () => new Promise(() => {});",
			"UNAVAILABLE",
		],
		[
			"a loop of microtasks",
			"export const attack = async () => { for (;;) await 0; };",
			"UNAVAILABLE",
		],
		[
			"a stream that never yields",
			"export async function* attack() { for (;;) await 0; }",
			"UNAVAILABLE",
		],
		[
			"code that throws when it loads",
			"throw new Error('no'); export const attack = 1;",
			"INVALID_ARGUMENT",
		],
		["code that is none", "this is no code", "INVALID_ARGUMENT"],
		["code that exports nothing", "", "NOT_FOUND"],
		[
			"errors outside of any call",
			"export const attack = () => { for (let n = 0; n < 1e5; n++) setTimeout(() => { throw new Error('x'); }); return new Promise(() => {}); };",
			"INTERNAL",
		],
		[
			"a flood of reported errors",
			"export const attack = () => { for (;;) reportError(new Error('x')); };",
			"INTERNAL",
		],
		[
			"a result that cannot be sent",
			"export const attack = () => () => 1;",
			"INTERNAL",
		],
		[
			"an error that cannot be read",
			"export const attack = () => { throw new Proxy({}, { get() { throw 1; } }); };",
			"INTERNAL",
		],
		[
			"recursion without end",
			"export const attack = () => attack() + 1;",
			"INTERNAL",
		],
	])("%s", async (_name, code, expected) => {
		expect(await survive(code)).toMatchObject({ code: expected });
	});

	it.each([
		["waits for ever", "await new Promise(() => {}); export const attack = 1;"],
		["loops for ever", "for (;;); export const attack = 1;"],
	])("code that %s when it loads", async (_name, code) => {
		const error = await survive(code, { loadTimeoutMs: 700 });
		expect(error).toMatchObject(coded("DEADLINE_EXCEEDED", /not loaded/));
	});

	it.each([
		[
			"of objects",
			"Object.prototype.type = 'result'; Object.prototype.call = 1; Object.prototype.toJSON = () => 1; Object.defineProperty(Object.prototype, 'value', { set() { throw 1; } });",
		],
		[
			"of arrays",
			"Array.prototype[Symbol.iterator] = function* () { for (;;) yield 1; }; Array.prototype.push = () => { throw 1; };",
		],
		[
			"of promises",
			"Promise.prototype.then = () => { throw new Error('x'); };",
		],
		[
			"of maps",
			"Map.prototype.get = () => undefined; Map.prototype.set = () => { throw 1; };",
		],
		["of ports", "MessagePort.prototype.postMessage = () => {};"],
	])("tampering with prototypes %s", async (_name, code) => {
		await survive(`${code} export const attack = () => 7;`, {
			loadTimeoutMs: 1_000,
		});
	});

	it.each([
		["nothing", "say(undefined);"],
		["what is no report", "say({ type: 'exec', call: 1 });"],
		[
			"a result that nobody asked for",
			"say({ type: 'result', call: 99, value: 1 });",
		],
		[
			"items that nobody has room for",
			"say({ type: 'stream', call: 1 }); for (;;) say({ type: 'item', call: 1, value: 1 });",
		],
		[
			"results without end",
			"for (;;) say({ type: 'result', call: 1, value: 1 });",
			"late",
		],
		[
			"progress without end",
			"for (;;) say({ type: 'progress', call: 1, progress: { fraction: 0.5 } });",
		],
		[
			"lines of log without end",
			"for (;;) say({ type: 'log', call: 1, message: 'x'.repeat(1000) });",
		],
		["garbage without end", "for (;;) say([]);"],
		[
			"an array without end",
			"say({ type: 'result', call: 1, value: new Array(4294967295) });",
		],
		[
			"an array that holds itself",
			"const loop = []; loop.push(loop); say({ type: 'result', call: 1, value: loop });",
		],
		[
			"a port",
			"const { port1 } = new MessageChannel(); post.call(port, { type: 'result', call: 1, value: port1 }, [port1]);",
		],
		[
			"a key",
			"say({ type: 'result', call: 1, value: await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']) });",
		],
		["that it is ready again", "say({ type: 'ready', functions: [] });"],
		[
			"functions with hostile names",
			"say({ type: 'ready', functions: [{ name: '<img src=x>' }] });",
		],
	])("a Worker that says %s", async (_name, code, when = "") => {
		// A false result is its own caller's; what follows it ends the Worker.
		const late = when === "late";
		const error = await survive(
			`${HOLDER} export const attack = async () => { ${code} return forever(); };`,
			{},
			late ? undefined : 30_000,
		);
		if (!late)
			expect(error).toMatchObject(
				coded("INTERNAL", /published code was stopped/),
			);
	});

	it("a Worker that closes the port", async () => {
		const error = await survive(
			`${HOLDER} export const attack = () => { port.close(); return forever(); };`,
		);
		expect(error).toMatchObject({ code: "UNAVAILABLE" });
	});
});

describe("a bomb of memory", () => {
	it.each([
		[
			"on the heap",
			"const held = []; for (;;) held.push(new Array(1e5).fill(Math.random()));",
		],
		[
			"of strings",
			"let text = 'x'; const held = []; for (;;) held.push((text += Math.random()).split(''));",
		],
	])(
		"%s takes its sandbox along, and the next call has a new one",
		async (_name, body) => {
			const own = await SandboxBench.open(browser);
			try {
				const code = `export const attack = () => { ${body} };`;
				const { outcomes, longestPauseMs } = await own.series([
					{ bundle: { code: HEALTHY }, name: "add", args: [1, 1] },
					{ bundle: { code }, name: "attack", timeoutMs: 30_000 },
					{
						bundle: { code: HEALTHY },
						name: "add",
						args: [2, 3],
						timeoutMs: BACK_MS,
					},
				]);
				expect(outcomes).toMatchObject([
					{ value: 2 },
					{ error: { code: "UNAVAILABLE" } },
					{ value: 5 },
				]);
				expect(longestPauseMs).toBeLessThan(1_000);
			} finally {
				await own.close();
			}
		},
	);
});
