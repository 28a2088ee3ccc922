import type { Provider } from "../protocol/provider.js";
import type { Clock } from "../time/clock.js";
import type { CallOutcome } from "./call-outcome.js";
import type { RoutingCandidate, StrategyChoice } from "./candidate.js";
import { preferred, takesCalls } from "./eligible.js";
import { NodeRecord } from "./node-record.js";
import type { OwnStrategy } from "./own-strategy.js";
import { needsOf, unmetNeed } from "./resource-needs.js";
import { strategyByName } from "./strategy-names.js";

/** Nodes remembered at most; those not offered any more go first. */
const MAX_RECORDS = 256;

/** Where a call goes, and why in a few words for humans. */
export interface Choice {
	readonly provider: Provider;
	readonly reason: string;
}

/** Picks a provider for each call of one function. It remembers turns, durations and failures. */
export interface Chooser {
	/**
	 * The provider for the next call; undefined if none takes calls. It counts as chosen.
	 *
	 * @param inFlight calls of ours at a node now: they count even where the snapshot does not show them yet
	 * @param exclude nodes not to use, such as those that have just failed this call
	 */
	choose(
		providers: readonly Provider[],
		inFlight: (nodeId: string) => number,
		exclude?: ReadonlySet<string>,
	): Choice | undefined;
	/** Takes note of how an attempt at a node ended. */
	settled(nodeId: string, outcome: CallOutcome): void;
	/** The choice came to nothing: no call was sent there. */
	released(nodeId: string): void;
}

/**
 * Makes a chooser.
 *
 * @param strategy a name as routes carry it (one not known here means the default), or somebody's own
 */
export function createChooser(
	strategy: string | OwnStrategy,
	options: { readonly clock: Pick<Clock, "monotonic"> },
): Chooser {
	return new RecordingChooser(strategy, options.clock);
}

class RecordingChooser implements Chooser {
	readonly #strategy: string | OwnStrategy;
	readonly #clock: Pick<Clock, "monotonic">;
	readonly #records = new Map<string, NodeRecord>();
	#turn = 0;
	/** Nodes not chosen yet come in the order in which they were first offered, which the gateway varies. */
	#firstTurn = -Number.MAX_SAFE_INTEGER;

	constructor(strategy: string | OwnStrategy, clock: Pick<Clock, "monotonic">) {
		this.#strategy = strategy;
		this.#clock = clock;
	}

	choose(
		providers: readonly Provider[],
		inFlight: (nodeId: string) => number,
		exclude?: ReadonlySet<string>,
	): Choice | undefined {
		const nowMs = this.#clock.monotonic();
		if (this.#records.size > MAX_RECORDS) this.#forget(providers);
		const candidates: RoutingCandidate[] = [];
		for (const provider of providers) {
			if (!takesCalls(provider) || exclude?.has(provider.nodeId)) continue;
			const candidate = this.#candidate(
				provider,
				inFlight(provider.nodeId),
				nowMs,
			);
			if (candidate) candidates.push(candidate);
		}
		if (candidates.length === 0) return undefined;
		const choice = this.#decide(candidates, nowMs);
		if (!choice) return undefined;
		const { provider } = choice.candidate;
		this.#turn += 1;
		this.#record(provider.nodeId).sent(this.#turn, nowMs);
		return { provider, reason: choice.reason };
	}

	settled(nodeId: string, outcome: CallOutcome): void {
		this.#records.get(nodeId)?.settled(outcome, this.#clock.monotonic());
	}

	released(nodeId: string): void {
		this.#records.get(nodeId)?.released(this.#clock.monotonic());
	}

	#decide(
		candidates: readonly RoutingCandidate[],
		nowMs: number,
	): StrategyChoice | undefined {
		const usable = candidates.filter(({ provider }) =>
			this.#record(provider.nodeId).usable(nowMs),
		);
		// Where all have failed there is no better way than to try: Envoy calls it the panic threshold. Whoever named
		// one node, or has but one, gets that node's own answer.
		const left = usable.length > 0 ? usable : candidates;
		const choice = this.#choose(left, nowMs);
		if (!choice) return undefined;
		const { candidate, reason } = choice;
		const outOf =
			left.length === candidates.length ? "" : outside(left, candidates);
		const among = left.length > 1 ? `, among ${left.length}` : "";
		const lastResort = usable.length === 0 ? "; all have failed lately" : "";
		return { candidate, reason: `${reason}${among}${outOf}${lastResort}` };
	}

	#choose(
		candidates: readonly RoutingCandidate[],
		nowMs: number,
	): StrategyChoice | undefined {
		if (typeof this.#strategy !== "string")
			return this.#strategy.choose(candidates);
		const probe = candidates.find(({ provider }) =>
			this.#record(provider.nodeId).probeDue(nowMs),
		);
		if (probe) return { candidate: probe, reason: "to see if it works again" };
		const [only] = candidates;
		if (only && candidates.length === 1)
			return { candidate: only, reason: "the only one" };
		const worthIt = preferred(candidates, ({ provider }) =>
			this.#record(provider.nodeId).full(nowMs),
		);
		return strategyByName(this.#strategy)(worthIt);
	}

	/** Undefined if the node has not enough left for one more call. */
	#candidate(
		provider: Provider,
		inFlight: number,
		nowMs: number,
	): RoutingCandidate | undefined {
		const record = this.#record(provider.nodeId);
		const needs = needsOf(provider);
		if (
			needs &&
			unmetNeed(provider, needs, record.unseen(provider, inFlight)) !==
				undefined
		)
			return undefined;
		return {
			provider,
			needs,
			inFlight,
			load: record.load(provider, inFlight),
			durationMs: record.durationMs(nowMs),
			turn: record.turn,
		};
	}

	#record(nodeId: string): NodeRecord {
		let record = this.#records.get(nodeId);
		if (!record) {
			this.#firstTurn += 1;
			record = new NodeRecord(this.#firstTurn);
			this.#records.set(nodeId, record);
		}
		return record;
	}

	#forget(providers: readonly Provider[]): void {
		const offered = new Set(providers.map(({ nodeId }) => nodeId));
		for (const nodeId of this.#records.keys())
			if (!offered.has(nodeId)) this.#records.delete(nodeId);
	}
}

function outside(
	left: readonly RoutingCandidate[],
	candidates: readonly RoutingCandidate[],
): string {
	const count = candidates.length - left.length;
	return ` (${count} left out for failing)`;
}
