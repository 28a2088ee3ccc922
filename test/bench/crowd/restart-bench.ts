import { Child } from "../../support/child.js";
import { table } from "../markdown.js";
import { median } from "../median.js";
import { program } from "../product/start-product.js";

/** How nodes came back after a restart. */
interface RestartResult {
	readonly nodes: number;
	/** From when the gateway listened again until the last node was accepted, ms. */
	readonly allBackMs: number;
	/** Most nodes accepted within one second. */
	readonly burst: number;
}

/** Ends a gateway as a service manager does, starts it again, and waits until so many nodes are back. */
export async function measureRestart(nodes: number): Promise<RestartResult> {
	const crowd = new Child(new URL("many-nodes.ts", import.meta.url), {
		built: true,
	});
	const first = program("gateway.ts");
	let second: Child | undefined;
	try {
		const limits = {
			maxConnections: 2 * nodes,
			maxConnectionsPerAddress: 2 * nodes,
		};
		const url = await first.ask<string>("listen", { limits });
		await crowd.ask("serve", { gateway: url, count: nodes });
		await first.ask("close");
		await first.close();
		second = program("gateway.ts");
		await second.ask("listen", { limits, port: Number(new URL(url).port) });
		const listeningAt = Date.now();
		await crowd.ask("whenBack");
		const backAt = await crowd.ask<readonly number[]>("backAt");
		if (backAt.length !== nodes)
			throw new Error(`${nodes} nodes came back ${backAt.length} times`);
		const allBackMs = Math.max(...backAt) - listeningAt;
		return { nodes, allBackMs, burst: largestBurst(backAt) };
	} finally {
		const all = [crowd, first, ...(second ? [second] : [])];
		await Promise.all(all.map((child) => child.close()));
	}
}

/** The report in Markdown. */
export function reportRestarts(
	results: readonly RestartResult[],
): readonly string[] {
	const [first] = results;
	if (!first) return [];
	return [
		`## ${first.nodes} nodes after a restart of their gateway`,
		"",
		"The gateway is closed in order and started again at once; each node has been told when to come back.",
		"",
		...table(
			["measure", "median"],
			[
				[
					"from listening again to the last node back, ms",
					median(results.map(({ allBackMs }) => allBackMs)),
				],
				[
					"most nodes accepted within one second",
					median(results.map(({ burst }) => burst)),
				],
			],
		),
	];
}

function largestBurst(times: readonly number[]): number {
	const sorted = [...times].sort((a, b) => a - b);
	let oldest = 0;
	let largest = 0;
	for (const [place, time] of sorted.entries()) {
		while (time - (sorted[oldest] ?? time) >= 1_000) oldest += 1;
		largest = Math.max(largest, place - oldest + 1);
	}
	return largest;
}
