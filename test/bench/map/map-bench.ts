import { Child } from "../../support/child.js";
import { ratios, table } from "../markdown.js";
import { median } from "../median.js";
import { program } from "../product/start-product.js";

const ITEMS = 20_000;
/** Nodes a map is spread over, by the tag that they carry. */
const SPREADS = [
	["1 node", "one"],
	["2 nodes", "two"],
	["4 nodes", "four"],
] as const;
const TAGS = [["one", "two", "four"], ["two", "four"], ["four"], ["four"]];
const IN_FLIGHT = 32;

/** What a map over several nodes makes of them, against the calls of one session. */
export class MapBench {
	readonly #client: Child;
	readonly #processes: readonly Child[];
	readonly #calls: number[] = [];
	readonly #items = new Map<string, number[]>();

	private constructor(client: Child, processes: readonly Child[]) {
		this.#client = client;
		this.#processes = processes;
	}

	static async start(): Promise<MapBench> {
		const gateway = program("gateway.ts");
		const url = await gateway.ask<string>("listen", {});
		const nodes = await Promise.all(
			TAGS.map(async (tags, index) => {
				const node = program("node.ts");
				await node.ask("serve", {
					gateway: url,
					id: `map-${index + 1}`,
					tags,
					// As many as a node has unless told otherwise.
					maxConcurrent: 10,
				});
				return node;
			}),
		);
		const client = new Child(new URL("map-client.ts", import.meta.url), {
			built: true,
		});
		await client.ask("connect", url);
		return new MapBench(client, [client, ...nodes, gateway]);
	}

	/** Measures each spread once; the round counts if it is `kept`. */
	async round(forMs: number, kept: boolean): Promise<void> {
		const calls = await this.#client.ask<number>("calls", {
			tag: "one",
			inFlight: IN_FLIGHT,
			forMs,
		});
		const found: number[] = [];
		for (const [, tag] of SPREADS) {
			const load = { tag, items: ITEMS };
			found.push(await this.#client.ask<number>("map", load));
		}
		console.log(
			`  map: ${found.map(Math.round).join(" / ")} items/s; one session ${Math.round(calls)} calls/s`,
		);
		if (!kept) return;
		this.#calls.push(calls);
		for (const [index, [name]] of SPREADS.entries()) {
			const earlier = this.#items.get(name) ?? [];
			this.#items.set(name, [...earlier, found[index] ?? Number.NaN]);
		}
	}

	async close(): Promise<void> {
		await Promise.all(this.#processes.map((child) => child.close()));
	}

	/** The report in Markdown. */
	report(): readonly string[] {
		const rows = SPREADS.map(([name]) => {
			const items = this.#items.get(name) ?? [];
			return [
				name,
				median(items),
				median(this.#calls),
				ratios(items, this.#calls),
			] as const;
		});
		return [
			`## \`map\` of ${ITEMS.toLocaleString("en-US")} trivial items`,
			"",
			"Over the relay, in order, nodes as they are by default (ten calls at once each), all processes on this machine: more nodes are more processes for",
			"the same cores.",
			"",
			...table(
				[
					"spread over",
					"items/s",
					`calls/s of one session, ${IN_FLIGHT} in flight`,
					"ratio",
				],
				rows,
			),
		];
	}
}
