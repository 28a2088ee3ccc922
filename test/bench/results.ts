import type { StartUpResult } from "./measures/start-up.js";
import { ratios, show, table } from "./markdown.js";
import { median } from "./median.js";
import {
	callsAt,
	IN_FLIGHT,
	type Measured,
	MIDDLE_BYTES,
	MIDDLE_CPU,
} from "./round.js";

/** All rounds of a run; rounds of different contenders with the same index ran next to each other. */
export interface Run {
	readonly machine: readonly string[];
	readonly command: string;
	readonly rounds: ReadonlyMap<string, readonly Measured[]>;
	readonly startUps: readonly StartUpResult[];
	/** Resident memory of the node for each idle direct path, KiB. */
	readonly memories: readonly number[];
	/** Sections of their own, line by line. */
	readonly more: readonly string[];
}

/** A contender and the bare thing that it is held against. */
export interface Comparison {
	readonly product: string;
	readonly baseline: string;
}

/** The report in Markdown. */
export function report(run: Run, comparisons: readonly Comparison[]): string {
	return [
		"# Benchmark results",
		"",
		`Written by \`${run.command}\`. Everything ran on one machine, a process for each role. Each number is the median`,
		`of ${run.startUps.length} interleaved runs, each ratio the median of the ratios within a run. One MB is 10⁶ bytes.`,
		"Small calls of EasyRemote share a message where they are ready in the same tick, up to 32 of them; the bare ones send one each.",
		"A page's clock goes in steps of 0.1 ms, and so do its round trips. Programs of both sides run with `--heap-growing-percent=400`, as",
		"the commands set it themselves ([why](../../client/README.md#programs-that-move-much)).",
		"*Cores apart*: neighbours on the way of a call run on different cores (`taskset`), as they would on different machines. Otherwise the",
		"scheduler decides. What wakes a program on another core costs several times as much as on its own, and Linux likes to put small",
		"programs together: with one call in flight, where little else is going on, the same processes differ by a third from start to start.",
		"So the relay and the bare forwarder are started anew for each run, and nothing else is running beside them.",
		"",
		...run.machine.map((line) => `- ${line}`),
		"",
		...comparisons.flatMap((pair) => comparison(run, pair)),
		...run.more,
		"## From nothing to an answer",
		"",
		...table(
			["since `createClient`", "ms"],
			[
				["first answer", median(run.startUps.map((one) => one.firstAnswer))],
				[
					"first answer over the direct path",
					median(run.startUps.map((one) => one.direct)),
				],
			],
		),
		"## What an idle client costs a node",
		"",
		...table(
			["with its direct path open", "KiB"],
			[["resident memory of the node", median(run.memories)]],
		),
		...ORIGINAL,
		"",
	].join("\n");
}

/** Not measured here: what there was before. */
const ORIGINAL: readonly string[] = [
	"## The original EasyRemote, as published",
	"",
	"Python and gRPC, everything through the gateway. Fixed figures for comparison, not of this run or this machine.",
	"",
	"| measure | original | with its polling sleeps removed |",
	"| --- | ---: | ---: |",
	"| calls/s, 1 in flight | 10 | 308 |",
	"| calls/s, 32 in flight | 20 | 442 |",
	"| 10 MiB echo, ms | 510–840 | – |",
	"| largest payload, MiB | 50 | – |",
];

function comparison(run: Run, { product, baseline }: Comparison): string[] {
	const ours = run.rounds.get(product) ?? [];
	const bare = run.rounds.get(baseline) ?? [];
	const names = [...(ours[0]?.keys() ?? [])];
	const rows = names.map((name) => {
		const values = ours.map((round) => round.get(name) ?? Number.NaN);
		const others = bare.map((round) => round.get(name) ?? Number.NaN);
		return [
			name,
			median(values),
			median(others),
			ratios(values, others),
		] as const;
	});
	return [
		`## ${product} against the ${baseline}`,
		"",
		...table(["measure", product, baseline, "ratio"], rows),
	];
}

/** One line for the terminal while a run is going on. */
export function oneLine(name: string, measured: Measured): string {
	const calls = IN_FLIGHT.map((inFlight) =>
		show(measured.get(callsAt(inFlight)) ?? Number.NaN),
	);
	const rest = [...measured].filter(
		([key]) =>
			!key.startsWith("calls/s") && key !== MIDDLE_CPU && key !== MIDDLE_BYTES,
	);
	return `${name}: ${calls.join(" / ")} calls/s; ${rest.map(([key, value]) => `${key} ${show(value)}`).join("; ")}`;
}
