import { Child } from "../../support/child.js";
import { clientFiles, gzipBytes } from "../../support/client-files.js";
import { ratios, table } from "../markdown.js";
import { median } from "../median.js";
import { program } from "../product/start-product.js";

const ITEMS = 50_000;

/** What one round found: round trips in ms, streams in items a second. */
interface Round {
	readonly inline: number;
	readonly worker: number;
	readonly pool: number;
	readonly stream: number;
	readonly bareStream: number;
}

/** What serving costs besides the call: worker threads against their pool alone, streams against a bare generator. */
export class ServingBench {
	readonly #client: Child;
	readonly #pool: Child;
	readonly #reader: Child;
	readonly #processes: readonly Child[];
	readonly #rounds: Round[] = [];

	private constructor(
		client: Child,
		pool: Child,
		reader: Child,
		others: readonly Child[],
	) {
		this.#client = client;
		this.#pool = pool;
		this.#reader = reader;
		this.#processes = [client, pool, reader, ...others];
	}

	static async start(): Promise<ServingBench> {
		const gateway = program("gateway.ts");
		const node = program("node.ts");
		const url = await gateway.ask<string>("listen", {});
		await node.ask("serve", { gateway: url });
		const client = own("serving-client.ts");
		await client.ask("connect", url);
		const forwarder = new Child(
			new URL("../bare/ws-forwarder.ts", import.meta.url),
		);
		const source = own("bare-stream.ts");
		const reader = own("bare-stream.ts");
		const between = await forwarder.ask<string>("url");
		await source.ask("connect", between);
		await source.ask("serve");
		await reader.ask("connect", between);
		const others = [node, gateway, source, forwarder];
		return new ServingBench(client, own("bare-pool.ts"), reader, others);
	}

	/** Measures everything once; the round counts if it is `kept`. */
	async round(roundTrips: number, kept: boolean): Promise<void> {
		const roundTrip = (name: string) =>
			this.#client.ask<number>("roundTrip", { name, count: roundTrips });
		const round = {
			inline: await roundTrip("same"),
			worker: await roundTrip("isolated"),
			pool: await this.#pool.ask<number>("roundTrip", roundTrips),
			stream: await this.#client.ask<number>("stream", ITEMS),
			bareStream: await this.#reader.ask<number>("stream", ITEMS),
		};
		console.log(
			`  worker ${round.worker.toFixed(3)} ms, inline ${round.inline.toFixed(3)}, pool alone ${round.pool.toFixed(3)}; ` +
				`streams ${Math.round(round.stream)} items/s, bare ${Math.round(round.bareStream)}`,
		);
		if (kept) this.#rounds.push(round);
	}

	async close(): Promise<void> {
		await Promise.all(this.#processes.map((child) => child.close()));
	}

	/** The report in Markdown. */
	async report(): Promise<readonly string[]> {
		const all = (value: (round: Round) => number) => this.#rounds.map(value);
		const dispatch = all(({ worker, inline }) => worker - inline);
		const pool = all((round) => round.pool);
		const stream = all((round) => round.stream);
		const bare = all((round) => round.bareStream);
		const { first, later, global } = await clientFiles();
		return [
			"## Worker threads and streams",
			"",
			"What a call takes longer if its function runs in a worker thread, against a task of piscina alone, which gives its argument back too; and the items",
			`of one generator, ${ITEMS.toLocaleString("en-US")} numbers over the relay, against the same generator writing each into a bare socket through a forwarder.`,
			"",
			...table(
				["measure", "EasyRemote", "bare", "ratio"],
				[
					[
						"dispatch to a worker, ms",
						median(dispatch),
						median(pool),
						ratios(dispatch, pool),
					],
					[
						"stream, items/s",
						median(stream),
						median(bare),
						ratios(stream, bare),
					],
				],
			),
			"## What a page loads",
			"",
			...table(
				["file", "kB, gzip"],
				[
					[
						"`client.js`, with what it needs for a call",
						gzipBytes(first) / 1000,
					],
					["`client.global.js`, the same", global.gzipBytes / 1000],
					...later
						.filter((file) => file.gzipBytes > 100)
						.map(
							({ name, gzipBytes: bytes }) =>
								[
									`later: ${name.replace(/-[^-]*\.js$/, "")}`,
									bytes / 1000,
								] as const,
						),
				],
			),
		];
	}
}

function own(file: string): Child {
	return new Child(new URL(file, import.meta.url), { built: true });
}
