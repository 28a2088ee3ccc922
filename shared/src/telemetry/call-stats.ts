import { PROTOCOL } from "../protocol/constants.js";
import type {
	CallTotals,
	NodeStats,
	NodeStatsRow,
} from "../protocol/node-stats.js";
import { CallTally, type TalliedCall } from "./call-tally.js";
import { totalsSince } from "./totals-since.js";

type Path = NodeStatsRow["path"];

interface Row {
	readonly function: string;
	readonly path: Path;
	tally: CallTally;
	/** What the gateway was last told. */
	told: CallTotals | undefined;
}

/**
 * What a node counts of the calls that clients make to it, and tells its gateway with its heartbeats. It tells totals of
 * rows that have changed: a heartbeat that is lost with its connection is made good by the next, and one counted twice
 * does no harm. There are at most two rows for each function that the node has.
 */
export class CallStats {
	/** By function, for each path. */
	readonly #rows: Readonly<Record<Path, Map<string, Row>>> = {
		relay: new Map(),
		direct: new Map(),
	};
	/** What the gateway does not know, longest unknown first. */
	readonly #changed = new Set<Row>();
	readonly #now: () => number;
	#since: number;
	#gatewayId: string | undefined;

	/** @param now wall time, ms since the epoch */
	constructor(now: () => number) {
		this.#now = now;
		this.#since = now();
	}

	/** Whether there is something the gateway does not know. */
	get untold(): boolean {
		return this.#changed.size > 0;
	}

	/** Counts a call that is over. */
	add(functionName: string, path: Path, call: TalliedCall): void {
		const rows = this.#rows[path];
		let row = rows.get(functionName);
		if (!row) {
			row = {
				function: functionName,
				path,
				tally: new CallTally(),
				told: undefined,
			};
			rows.set(functionName, row);
		}
		row.tally.add(call);
		this.#changed.add(row);
	}

	/** A connection has come up. What was told over the one before may not have arrived. */
	connected(gatewayId: string): void {
		if (this.#gatewayId !== undefined && this.#gatewayId !== gatewayId)
			this.#beginAnew();
		else
			for (const rows of Object.values(this.#rows))
				for (const row of rows.values()) this.#changed.add(row);
		this.#gatewayId = gatewayId;
	}

	/** What to put into the next heartbeat; undefined if the gateway knows all. Big news take several. */
	take(): NodeStats | undefined {
		if (!this.untold) return undefined;
		const rows: NodeStatsRow[] = [];
		for (const row of this.#changed) {
			if (rows.length >= PROTOCOL.statsRows) break;
			this.#changed.delete(row);
			row.told = row.tally.totals();
			rows.push({ function: row.function, path: row.path, ...row.told });
		}
		return { since: this.#since, rows };
	}

	/** A gateway that has just started must not count what the one before it was told. */
	#beginAnew(): void {
		this.#since = Math.max(this.#now(), this.#since + 1);
		this.#changed.clear();
		for (const rows of Object.values(this.#rows))
			for (const row of rows.values()) {
				const totals = row.tally.totals();
				const untold = row.told ? totalsSince(row.told, totals) : totals;
				row.tally = new CallTally();
				row.tally.addTotals(untold);
				row.told = undefined;
				if (row.tally.calls > 0) this.#changed.add(row);
				else rows.delete(row.function);
			}
	}
}
