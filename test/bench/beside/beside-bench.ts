import type { Browser } from "playwright-core";
import { asJavaScript } from "../../support/as-javascript.js";
import type { LoadClient } from "../contender.js";
import { table } from "../markdown.js";
import { median } from "../median.js";
import { PageClient } from "../page/page-client.js";
import { program, startNetwork } from "../product/start-product.js";
import type { BesideRequest, BesideResult } from "./beside-client.js";

const BYTES = 64 * 1024 ** 2;
const PATHS = ["relay", "direct"] as const;
const TAB = "bench-tab";

/** What one caller met on one path, a result each run. */
interface BesideRow {
	readonly name: string;
	readonly runs: readonly BesideResult[];
}

/** Measures small calls beside bulk, each caller in turn and by itself. */
export async function measureBeside(
	browser: Browser,
	rounds: number,
): Promise<readonly BesideRow[]> {
	const network = await startNetwork();
	const caller = program("client.ts");
	const open = () => PageClient.open(browser, network.url);
	const pages: PageClient[] = [];
	try {
		const page = await open();
		const tab = await open();
		pages.push(page, tab);
		await network.gateway.ask(
			"functions",
			await asJavaScript(new URL("../product/functions.ts", import.meta.url)),
		);
		await tab.ask("serve", TAB);
		const callers: readonly (readonly [string, LoadClient, string])[] = [
			["Node → Node", caller, "bench"],
			["page → Node", page, "bench"],
			["page → tab", page, TAB],
		];
		const rows: BesideRow[] = [];
		for (const [name, client, node] of callers)
			for (const transport of PATHS) {
				const request = { gateway: network.url, node, transport, bytes: BYTES };
				const runs = await measureRow(client, request, rounds);
				rows.push({ name: `${name}, ${transport}`, runs });
			}
		return rows;
	} finally {
		await Promise.all(pages.map((page) => page.close()));
		const children = [caller, ...network.processes];
		await Promise.all(children.map((child) => child.close()));
	}
}

/** The first run warms everything up and is not kept. */
async function measureRow(
	client: LoadClient,
	request: BesideRequest,
	rounds: number,
): Promise<readonly BesideResult[]> {
	const runs: BesideResult[] = [];
	for (let round = 0; round <= rounds; round += 1)
		runs.push(await client.ask<BesideResult>("beside", request));
	const kept = runs.slice(1);
	console.log(
		`  ${request.node}, ${request.transport}: ${kept.map(({ slowest }) => slowest.toFixed(0)).join(" ")} ms, the slowest of each run`,
	);
	return kept;
}

/** The report in Markdown. */
export function reportBeside(rows: readonly BesideRow[]): readonly string[] {
	return [
		"## Small calls beside 64 MiB",
		"",
		`One tiny call after the other, 5 ms apart, while 64 MiB go to a function of the same node and come back; ${rows[0]?.runs.length} runs each. Gateway,`,
		"node and caller are a process or a tab each, on the machine's two cores.",
		"",
		...table(
			[
				"caller → node, path",
				"median, ms",
				"slowest of a run, ms",
				"slowest of all, ms",
			],
			rows.map(({ name, runs }) => [
				name,
				median(runs.map((run) => run.median)),
				median(runs.map((run) => run.slowest)),
				Math.max(...runs.map((run) => run.slowest)),
			]),
		),
	];
}
