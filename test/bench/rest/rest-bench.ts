import { Child } from "../../support/child.js";
import { median } from "../median.js";
import { ratios, table } from "../markdown.js";
import type { RestLoadResult } from "./rest-load.js";
import {
	BARE_ECHO,
	BARE_THROUGH,
	PRODUCT,
	type RestServer,
	startBareServers,
	startRestProduct,
} from "./rest-server.js";

/** Calls in flight that are measured, one on each connection. */
const IN_FLIGHT = [64, 256] as const;
/** Calls that make a process as fast as it gets. */
const WARM_UP_CALLS = 5_000;
/** Calls after which a gateway must be as fast as it was when it was new. */
const HISTORY_CALLS = 100_000;

/** Calls per second of one round, by server and calls in flight. */
type Rates = ReadonlyMap<string, readonly number[]>;

/** REST calls through to a node and back, against bare servers, and against a gateway that has just started. */
export class RestBench {
	readonly #load: Child;
	readonly #servers: readonly RestServer[];
	readonly #rounds: Rates[] = [];
	readonly #fresh: number[] = [];
	readonly #aged: number[] = [];

	private constructor(load: Child, servers: readonly RestServer[]) {
		this.#load = load;
		this.#servers = servers;
	}

	/** @param history whether to call often enough to see what a long history does */
	static async start(history: boolean): Promise<RestBench> {
		const load = new Child(new URL("load.ts", import.meta.url));
		const servers = [await startRestProduct(), ...(await startBareServers())];
		const bench = new RestBench(load, servers);
		for (const server of servers) await bench.#run(server, WARM_UP_CALLS);
		const [product] = servers;
		if (history && product) await bench.#run(product, HISTORY_CALLS);
		return bench;
	}

	/** Measures each server once; the round counts if it is `kept`. */
	async round(forMs: number, kept: boolean): Promise<void> {
		const rates = new Map<string, readonly number[]>();
		for (const server of this.#servers) {
			const results: number[] = [];
			for (const connections of IN_FLIGHT)
				results.push(await this.#measure(server, connections, forMs));
			rates.set(server.name, results);
			console.log(`  ${server.name}: ${results.map(Math.round).join(" / ")}/s`);
		}
		if (!kept) return;
		this.#rounds.push(rates);
		await this.#compareWithFresh(forMs);
	}

	async close(): Promise<void> {
		for (const server of this.#servers) await server.close();
		await this.#load.close();
	}

	/** The report in Markdown. */
	report(): readonly string[] {
		const of = (name: string, place: number) =>
			this.#rounds.map((rates) => rates.get(name)?.[place] ?? Number.NaN);
		const rows = IN_FLIGHT.map((inFlight, place) => {
			const [ours, through, echo] = [PRODUCT, BARE_THROUGH, BARE_ECHO].map(
				(name) => of(name, place),
			);
			return [
				`calls/s, ${inFlight} in flight`,
				median(ours ?? []),
				median(through ?? []),
				ratios(ours ?? [], through ?? []),
				median(echo ?? []),
			] as const;
		});
		const aged = [
			`calls/s, 64 in flight, after ${HISTORY_CALLS.toLocaleString("en-US")} calls`,
			median(this.#aged),
			median(this.#fresh),
			ratios(this.#aged, this.#fresh),
		] as const;
		return [
			"## REST, through to a node and back",
			"",
			"150 bytes of JSON, answered by a function that gives its argument back. EasyRemote with keys and all limits on; the pass-through",
			"is hono that forwards bodies over one WebSocket to a process which answers, and hono alone answers by itself.",
			"",
			...table(["measure", PRODUCT, BARE_THROUGH, "ratio", BARE_ECHO], rows),
			...table(["measure", PRODUCT, "the same, just started", "ratio"], [aged]),
		];
	}

	async #compareWithFresh(forMs: number): Promise<void> {
		const [product] = this.#servers;
		if (!product) return;
		const fresh = await startRestProduct();
		try {
			await this.#run(fresh, WARM_UP_CALLS);
			this.#aged.push(await this.#measure(product, 64, forMs));
			this.#fresh.push(await this.#measure(fresh, 64, forMs));
		} finally {
			await fresh.close();
		}
	}

	async #measure(server: RestServer, connections: number, forMs: number) {
		return (await this.#ask(server, { connections, forMs })).perSecond;
	}

	#run(server: RestServer, calls: number) {
		return this.#ask(server, { connections: 64, calls });
	}

	#ask(
		{ port, path, headers }: RestServer,
		effort: object,
	): Promise<RestLoadResult> {
		return this.#load.ask("load", { port, path, headers, ...effort });
	}
}
