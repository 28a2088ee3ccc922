import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.js";
import { Network } from "../support/network.js";
import {
	addBareSandbox,
	BARE_SANDBOX,
} from "../support/sandbox/bare-sandbox.js";
import { NETWORK_WAYS } from "../support/sandbox/network-ways.js";
import { grantAll, hideSecret } from "../support/sandbox/page-secrets.js";
import { REACH_WAYS } from "../support/sandbox/reach-ways.js";
import { SandboxBench } from "../support/sandbox/sandbox-bench.js";
import { type ListeningSink, listenSink } from "../support/sandbox/sinks.js";
import { attemptModule, type WayOut } from "../support/sandbox/way-out.js";
import {
	addOpenPage,
	type Attempt,
	attemptOutside,
} from "../support/sandbox/without-sandbox.js";
import { tempFolder } from "../support/temp-folder.js";

/** Attempts at once. */
const BESIDE = 8;
/** After that an attempt counts as not made, ms. */
const LONGEST_MS = 20_000;
/** What has left by then has left, ms. */
const ECHO_MS = 1_500;

const WAYS = [...NETWORK_WAYS, ...REACH_WAYS];
const SECRET = "the-secret-of-the-page";

/** One attempt's outcome and what its sink heard. */
interface Trial {
	readonly attempt: Attempt;
	readonly listener: ListeningSink;
}
type Trials = Map<string, Trial>;

const sandboxed: Trials = new Map();
const policyOnly: Trials = new Map();
const outside: Trials = new Map();
/** All that the browser's network service did. */
let log = "";

async function tryAll(
	trials: Trials,
	label: string,
	ways: readonly WayOut[],
	attempt: (way: WayOut, listener: ListeningSink) => Promise<Attempt>,
): Promise<void> {
	const waiting = [...ways.entries()];
	const worker = async (): Promise<void> => {
		for (let next = waiting.shift(); next; next = waiting.shift()) {
			const [index, way] = next;
			const host = `${label}-${index}.leak.example`;
			const listener = await listenSink(host, SECRET);
			const tried = await Promise.race([
				attempt(way, listener),
				setTimeout(LONGEST_MS, {}, { ref: false }),
			]);
			trials.set(way.name, { attempt: tried, listener });
		}
	};
	await Promise.all(Array.from({ length: BESIDE }, worker));
}

async function tryInside(
	browser: Browser,
	trials: Trials,
	ways: readonly WayOut[],
	sandbox?: string,
): Promise<void> {
	const bench = await SandboxBench.open(browser, {
		sandbox,
		prepare: addBareSandbox,
	});
	try {
		await grantAll(bench.context, bench.network.url);
		await hideSecret(bench.page, SECRET);
		await tryAll(
			trials,
			sandbox === undefined ? "sandboxed" : "policy",
			ways,
			async (way, { sink }) => {
				const { value, error } = await bench.call(
					attemptModule(way, sink),
					"attempt",
					{ args: [sink] },
				);
				return error ? { refused: error.message } : (value as Attempt);
			},
		);
		await bench.page.waitForTimeout(ECHO_MS);
	} finally {
		await bench.close();
	}
}

async function tryOutside(browser: Browser): Promise<void> {
	const network = Network.prepare();
	try {
		addOpenPage(network.gateway);
		await network.listen();
		const context = network.own(await browser.newContext());
		await grantAll(context, network.url);
		const page = await context.newPage();
		await page.goto(`${network.url}/test/open`);
		await hideSecret(page, SECRET);
		const open = WAYS.filter(({ control }) => control !== "nowhere");
		await tryAll(outside, "outside", open, (way, listener) =>
			attemptOutside(context, network.url, way, listener),
		);
	} finally {
		await network.close();
	}
}

beforeAll(async () => {
	const folder = await tempFolder();
	const file = join(folder.path, "net.json");
	try {
		const browser = await launchChromium([`--log-net-log=${file}`]);
		try {
			await tryInside(browser, sandboxed, WAYS);
			await tryInside(browser, policyOnly, NETWORK_WAYS, BARE_SANDBOX);
			await tryOutside(browser);
		} finally {
			await browser.close();
		}
		log = readFileSync(file, "utf8");
	} finally {
		await folder.close();
	}
}, 300_000);

afterAll(async () => {
	for (const trials of [sandboxed, policyOnly, outside])
		for (const { listener } of trials.values()) await listener.close();
});

/** By what an attempt has got out or in. */
function leaks({ attempt, listener }: Trial): readonly string[] {
	return [
		...listener.heard,
		...(log.includes(listener.sink.host) ? ["a name was looked up"] : []),
		...(attempt.got?.includes(SECRET) === true ? ["it read the secret"] : []),
	];
}

function trialOf(trials: Trials, name: string): Trial {
	const trial = trials.get(name);
	if (!trial) throw new Error(`${name} was not tried`);
	return trial;
}

describe("published code in the sandbox", () => {
	it("has at least 40 ways out to try", () => {
		expect(new Set(WAYS.map(({ name }) => name)).size).toBe(WAYS.length);
		expect(WAYS.length).toBeGreaterThanOrEqual(40);
	});

	it.each(WAYS)("does not get out by $name", ({ name }) => {
		const trial = trialOf(sandboxed, name);
		expect(leaks(trial)).toEqual([]);
		// It was tried: it ran and says what it got, or the browser said what it refused.
		expect(trial.attempt.got ?? trial.attempt.refused).toMatch(/./);
	});
});

describe("published code that kept all its globals, under the frame's policy alone", () => {
	it.each(NETWORK_WAYS)("does not get out by $name", ({ name }) => {
		expect(leaks(trialOf(policyOnly, name))).toEqual([]);
	});
});

describe("the same code without a sandbox", () => {
	it.each(WAYS.filter(({ control }) => control !== "nowhere"))(
		"gets out by $name",
		({ name }) => {
			const trial = trialOf(outside, name);
			expect(leaks(trial), JSON.stringify(trial.attempt)).not.toEqual([]);
		},
	);
});
