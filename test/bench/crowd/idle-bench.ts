import { Child } from "../../support/child.js";
import { table } from "../markdown.js";
import { program } from "../product/start-product.js";
import type { RestLoadResult } from "../rest/rest-load.js";

/** What idle clients cost a gateway, and the calls of others meanwhile. */
interface IdleResult {
	readonly clients: number;
	/** Resident memory of the gateway for each, KiB. */
	readonly memory: number;
	readonly alone: RestLoadResult;
	readonly meanwhile: RestLoadResult;
}

/** Connections of REST callers meanwhile. */
const CALLERS = 64;
/** Not counted: they grow heaps and load libraries. */
const FIRST = 100;

/** Connects so many clients that do nothing, and calls over REST meanwhile and afterwards. */
export async function measureIdleClients(
	clients: number,
	forMs: number,
): Promise<IdleResult> {
	const gateway = program("gateway.ts");
	const node = program("node.ts");
	const crowd = new Child(new URL("idle-clients.ts", import.meta.url), {
		built: true,
	});
	const load = new Child(new URL("../rest/load.ts", import.meta.url));
	try {
		const most = 2 * clients;
		const url = await gateway.ask<string>("listen", {
			limits: { maxConnections: most, maxConnectionsPerAddress: most },
		});
		await node.ask("serve", { gateway: url });
		const call = (effort: object) =>
			load.ask<RestLoadResult>("load", {
				port: Number(new URL(url).port),
				path: "/api/bench.same",
				headers: {},
				connections: CALLERS,
				...effort,
			});
		// Memory first: after a load there is room in the heap that nobody sees filled.
		await crowd.ask("join", { gateway: url, count: FIRST });
		const before = await gateway.ask<number>("memory");
		await crowd.ask("join", { gateway: url, count: clients - FIRST });
		const after = await gateway.ask<number>("memory");
		const memory = (after - before) / (clients - FIRST) / 1024;
		await call({ calls: 5_000 });
		const meanwhile = await call({ forMs });
		await crowd.ask("leave");
		// So many goodbyes take both processes a moment.
		await call({ calls: 5_000 });
		const alone = await call({ forMs });
		return { clients, memory, alone, meanwhile };
	} finally {
		const all = [load, crowd, node, gateway];
		await Promise.all(all.map((child) => child.close()));
	}
}

/** The report in Markdown. */
export function reportIdleClients(result: IdleResult): readonly string[] {
	const { clients, memory, alone, meanwhile } = result;
	return [
		`## ${clients.toLocaleString("en-US")} idle clients`,
		"",
		"Each is a real client with its WebSocket to the gateway. One run.",
		"",
		...table(
			["measure", "with them", "without"],
			[
				["resident memory of the gateway for each, KiB", memory, Number.NaN],
				[
					"slowest but 1 % of REST calls, 64 in flight, ms",
					meanwhile.p99Ms,
					alone.p99Ms,
				],
				["REST calls/s, 64 in flight", meanwhile.perSecond, alone.perSecond],
			],
		),
	];
}
