import type {
	CallTotals,
	NodeStats,
	NodeStatsRow,
} from "@easyremote/shared/protocol";
import {
	CallTally,
	type TalliedCall,
	totalsSince,
} from "@easyremote/shared/telemetry";
import type { Clock } from "@easyremote/shared/time";

/** How calls came to a node: from clients through the gateway or past it, or made by the gateway for an HTTP request. */
export type CallPath = "relay" | "direct" | "rest";

/** Stands for a function or node that is not known; no name looks like it. */
export const NONE = "-";
/** Stands for all that no row of its own could be kept of. */
export const OTHERS = "(other)";

/** A row that was not added to for this long makes room for a new one, ms. */
const IDLE_MS = 10 * 60_000;
/** One node may take so much of the room there is, so that none pushes the others out. */
const SHARE_OF_ONE = 4;

/** The calls of one function, at one node, on one kind of path. */
export interface LedgerRow {
	readonly function: string;
	readonly node: string;
	readonly path: CallPath;
	/** Since when they are counted, ms since the epoch. */
	readonly since: number;
	readonly tally: CallTally;
}

/** Sums over all calls on one kind of path, those of forgotten rows included. */
export interface PathTotals {
	calls: number;
	errors: number;
	bytesIn: number;
	bytesOut: number;
}

interface Kept extends LedgerRow {
	changedAtMs: number;
	/** What the node last said, for rows that come from one. */
	told: { readonly since: number; readonly totals: CallTotals } | undefined;
}

export interface CallLedgerOptions {
	/** Rows kept at most. */
	readonly maxRows: number;
	/** Told how long a node's functions ran, ms, as it says. */
	readonly worked?: (node: string, ms: number) => void;
	readonly clock: Clock;
}

/**
 * Who called what, how it went and which way. Calls by REST the gateway sees; all others pass it unread, or pass it by,
 * so it goes by what nodes tell in their heartbeats. Names come from strangers: the rows are bounded, in all and for
 * each node.
 */
export class CallLedger {
	readonly totals: Readonly<Record<CallPath, PathTotals>> = {
		relay: noCalls(),
		direct: noCalls(),
		rest: noCalls(),
	};
	readonly #options: CallLedgerOptions;
	/** The longest unchanged first. */
	readonly #rows = new Map<string, Kept>();
	readonly #rowsOfNode = new Map<string, number>();
	readonly #others: Kept;
	#untold = 0;

	constructor(options: CallLedgerOptions) {
		this.#options = options;
		this.#others = this.#row(OTHERS, OTHERS, "rest");
	}

	/** Rows reported by nodes for which there was no room; they count when there is, with all they hold. */
	get rowsRefused(): number {
		return this.#untold;
	}

	/** All there is, in no order. */
	*rows(): IterableIterator<LedgerRow> {
		yield* this.#rows.values();
		if (this.#others.tally.calls > 0) yield this.#others;
	}

	/** Counts a call that came by REST; `node` is the one that had it last. */
	addRest(functionName: string, node: string, call: TalliedCall): void {
		const row = this.#find(functionName, node, "rest") ?? this.#others;
		row.tally.add(call);
		const sums = this.totals.rest;
		sums.calls += 1;
		if (call.outcome !== "OK") sums.errors += 1;
		sums.bytesIn += call.bytesIn;
		sums.bytesOut += call.bytesOut;
	}

	/** Takes what a node says of its calls: totals, of which what is new is counted. */
	addReport(node: string, { since, rows }: NodeStats): void {
		for (const told of rows) this.#addRow(node, since, told);
	}

	#addRow(node: string, since: number, told: NodeStatsRow): void {
		const row = this.#find(told.function, node, told.path);
		if (!row) {
			this.#untold += 1;
			return;
		}
		const before = row.told?.since === since ? row.told.totals : undefined;
		const news = before ? totalsSince(before, told) : told;
		row.tally.addTotals(news);
		if (news.sumMs > 0) this.#options.worked?.(node, news.sumMs);
		row.told = { since, totals: told };
		const sums = this.totals[told.path];
		for (const [outcome, calls] of Object.entries(news.outcomes)) {
			sums.calls += calls;
			if (outcome !== "OK") sums.errors += calls;
		}
		sums.bytesIn += news.bytesIn;
		sums.bytesOut += news.bytesOut;
	}

	/** The row of these names, made if there is room. */
	#find(name: string, node: string, path: CallPath): Kept | undefined {
		const key = `${path} ${node} ${name}`;
		let row = this.#rows.get(key);
		if (row) this.#rows.delete(key);
		else if (this.#makeRoom(node)) {
			row = this.#row(name, node, path);
			this.#rowsOfNode.set(node, (this.#rowsOfNode.get(node) ?? 0) + 1);
		} else return undefined;
		// The last changed is the last in the map.
		this.#rows.set(key, row);
		row.changedAtMs = this.#options.clock.monotonic();
		return row;
	}

	#makeRoom(node: string): boolean {
		const { maxRows, clock } = this.#options;
		const share = Math.ceil(maxRows / SHARE_OF_ONE);
		if ((this.#rowsOfNode.get(node) ?? 0) >= share) return false;
		if (this.#rows.size < maxRows) return true;
		for (const [key, row] of this.#rows) {
			if (clock.monotonic() - row.changedAtMs < IDLE_MS) return false;
			this.#rows.delete(key);
			this.#forgetOneOf(row.node);
			return true;
		}
		return false;
	}

	#forgetOneOf(node: string): void {
		const left = (this.#rowsOfNode.get(node) ?? 1) - 1;
		if (left > 0) this.#rowsOfNode.set(node, left);
		else this.#rowsOfNode.delete(node);
	}

	#row(name: string, node: string, path: CallPath): Kept {
		const { clock } = this.#options;
		return {
			function: name,
			node,
			path,
			since: clock.now(),
			tally: new CallTally(),
			changedAtMs: clock.monotonic(),
			told: undefined,
		};
	}
}

function noCalls(): PathTotals {
	return { calls: 0, errors: 0, bytesIn: 0, bytesOut: 0 };
}
