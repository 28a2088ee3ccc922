// Measures calls and bulk on both paths against bare ws and a bare data channel, side by side in one run.
// Prints and writes numbers; fails only if a byte arrived changed. `--quick` is a short run that writes nothing.
import { writeFile } from "node:fs/promises";
import { startChannel, startForwarder } from "./bare/start-bare.js";
import type { Contender } from "./contender.js";
import { describeMachine } from "./machine.js";
import type { StartUpResult } from "./measures/start-up.js";
import { startClient, startNetwork } from "./product/start-product.js";
import { oneLine, report } from "./results.js";
import { type Effort, type Measured, measure } from "./round.js";

const quick = process.argv.includes("--quick");
const effort: Effort = {
	rounds: quick ? 1 : 5,
	callsForMs: quick ? 500 : 2000,
	roundTrips: quick ? 200 : 1000,
	bulkBytes: 64 * 1024 ** 2,
};

const network = await startNetwork();
const contenders: Contender[] = [
	await startForwarder(),
	await startClient(network, "relay"),
	await startChannel(),
	await startClient(network, "direct"),
];
const rounds = new Map<string, Measured[]>();
const startUps: StartUpResult[] = [];
try {
	// The first round warms everything up and is not kept.
	for (let round = 0; round <= effort.rounds; round += 1) {
		const kept = round > 0;
		console.log(kept ? `round ${round} of ${effort.rounds}` : "warming up");
		for (const contender of contenders) {
			const measured = await measure(contender, effort);
			console.log(`  ${oneLine(contender.name, measured)}`);
			if (!kept) continue;
			const earlier = rounds.get(contender.name) ?? [];
			rounds.set(contender.name, [...earlier, measured]);
		}
		const [, relay] = contenders;
		const startUp = await relay?.client.ask<StartUpResult>(
			"startUp",
			network.url,
		);
		if (kept && startUp) startUps.push(startUp);
	}
} finally {
	const all = [
		...contenders.flatMap(({ processes }) => processes),
		...network.processes,
	];
	await Promise.all(all.map((child) => child.close()));
}
const text = report(
	{ machine: describeMachine(), command: "npm run bench", rounds, startUps },
	[
		{ product: "EasyRemote relay", baseline: "bare ws forwarder" },
		{ product: "EasyRemote direct", baseline: "bare data channel" },
	],
);
console.log(`\n${text}`);
if (!quick) await writeFile(new URL("RESULTS.md", import.meta.url), text);
