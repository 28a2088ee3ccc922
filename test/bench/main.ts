// Measures calls and bulk on both paths against bare ws and a bare data channel, from Node.js and from a page, side by
// side in one run, and REST against bare hono, with the packages as they are built.
// Prints and writes numbers; fails only if a byte arrived changed. `--quick` is a short run that writes nothing.
import { writeFile } from "node:fs/promises";
import { launchChromium } from "../support/chromium.js";
import {
	startChannel,
	startForwarder,
	startPageChannel,
} from "./bare/start-bare.js";
import { measureBeside, reportBeside } from "./beside/beside-bench.js";
import { measureIdleClients, reportIdleClients } from "./crowd/idle-bench.js";
import { measureRestart, reportRestarts } from "./crowd/restart-bench.js";
import type { Contender } from "./contender.js";
import { measureDonors, reportDonors } from "./donors/donor-bench.js";
import { describeMachine } from "./machine.js";
import type { StartUpResult } from "./measures/start-up.js";
import { MapBench } from "./map/map-bench.js";
import { idleMemory } from "./measures/idle-memory.js";
import { PageClient } from "./page/page-client.js";
import {
	startClient,
	startNetwork,
	startPage,
} from "./product/start-product.js";
import { RestBench } from "./rest/rest-bench.js";
import { oneLine, report } from "./results.js";
import { ServingBench } from "./serving/serving-bench.js";
import { type Effort, type Measured, measure } from "./round.js";

const quick = process.argv.includes("--quick");
const effort: Effort = {
	rounds: quick ? 1 : 5,
	callsForMs: quick ? 500 : 2000,
	roundTrips: quick ? 200 : 1000,
	bulkBytes: 64 * 1024 ** 2,
};

const IDLE_CLIENTS = quick ? 500 : 5_000;
const NODES = 200;

const rounds = new Map<string, Measured[]>();

/** Measures them one after the other; what it finds is for the report if it is to be `kept`. */
async function measureAll(
	all: readonly Contender[],
	kept: boolean,
): Promise<void> {
	for (const contender of all) {
		const measured = await measure(contender, effort);
		console.log(`  ${oneLine(contender.name, measured)}`);
		if (!kept) continue;
		const earlier = rounds.get(contender.name) ?? [];
		rounds.set(contender.name, [...earlier, measured]);
	}
}

// By themselves, and anew for each round: which of three processes share a core is luck, and stays so while they live.
for (let round = 1; round <= effort.rounds; round += 1) {
	const network = await startNetwork();
	const relay = await startClient(network, "relay");
	const forwarder = await startForwarder();
	try {
		console.log("relay by itself, warming up");
		await measureAll([forwarder, relay], false);
		console.log(`relay by itself, round ${round} of ${effort.rounds}`);
		await measureAll([forwarder, relay], true);
	} finally {
		await closeAll([network, relay, forwarder]);
	}
}

const network = await startNetwork();
const browser = await launchChromium();
const openPage = () => PageClient.open(browser, network.url);
const direct = await startClient(network, "direct");
const contenders: Contender[] = [
	await startChannel(),
	direct,
	await startPageChannel(await openPage()),
	await startPage(network, await openPage()),
];
const rest = await RestBench.start(!quick);
const map = await MapBench.start();
const serving = await ServingBench.start();
const startUps: StartUpResult[] = [];
const memories: number[] = [];
const restarts: Awaited<ReturnType<typeof measureRestart>>[] = [];
try {
	// The first round warms everything up and is not kept.
	for (let round = 0; round <= effort.rounds; round += 1) {
		const kept = round > 0;
		console.log(kept ? `round ${round} of ${effort.rounds}` : "warming up");
		await measureAll(contenders, kept);
		await rest.round(effort.callsForMs, kept);
		await map.round(effort.callsForMs, kept);
		await serving.round(effort.roundTrips, kept);
		const restart = await measureRestart(NODES);
		const startUp = await direct.client.ask<StartUpResult>(
			"startUp",
			network.url,
		);
		const memory = await idleMemory();
		if (kept) startUps.push(startUp);
		if (kept) memories.push(memory);
		if (kept) restarts.push(restart);
	}
} finally {
	await rest.close();
	await map.close();
	await serving.close();
	await closeAll([network, ...contenders]);
}
const beside = await measureBeside(browser, effort.rounds);
// By itself, and once: thousands of clients would be in the way of everything else.
const idle = await measureIdleClients(IDLE_CLIENTS, effort.callsForMs);
// By themselves as well: tabs take all cores there are.
const donors = await measureDonors(browser, {
	tiles: quick ? 32 : 256,
	items: quick ? 500 : 5_000,
	openings: quick ? 1 : 5,
});
await browser.close();
const text = report(
	{
		machine: describeMachine(),
		command: "npm run bench",
		rounds,
		startUps,
		memories,
		more: [
			...rest.report(),
			...map.report(),
			...(await serving.report()),
			...reportBeside(beside),
			...reportDonors(donors),
			...reportIdleClients(idle),
			...reportRestarts(restarts),
		],
	},
	[
		{ product: "EasyRemote relay", baseline: "bare ws forwarder" },
		{ product: "EasyRemote direct", baseline: "bare data channel" },
		{ product: "EasyRemote page", baseline: "bare page channel" },
	],
);
console.log(`\n${text}`);
if (!quick) await writeFile(new URL("RESULTS.md", import.meta.url), text);

async function closeAll(
	started: readonly Pick<Contender, "processes">[],
): Promise<void> {
	const all = started.flatMap(({ processes }) => processes);
	await Promise.all(all.map((child) => child.close()));
}
