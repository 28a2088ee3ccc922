import type { Provider } from "../protocol/provider.js";
import type { RoutingCandidate, StrategyChoice } from "./candidate.js";
import { preferred, takesCalls } from "./eligible.js";
import { least } from "./least.js";
import { NodeRecord } from "./node-record.js";
import { strategyByName, type UserStrategy } from "./strategy-names.js";

/** One call in so many goes to the node left alone for longest, so that old measurements get renewed. */
const EXPLORE_SHARE = 1 / 32;

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
	/** Takes note of how long a call took, ms, and whether the node did its part. */
	settled(nodeId: string, ms: number, ok: boolean): void;
}

/**
 * Makes a chooser.
 *
 * @param strategy a name as routes carry it (one not known here means the default), or a function
 * @param options.random a number in [0, 1): decides the first turns, so that many callers do not all begin with the same node
 */
export function createChooser(
	strategy: string | UserStrategy,
	options: { readonly random: () => number },
): Chooser {
	return new RecordingChooser(strategy, options.random);
}

class RecordingChooser implements Chooser {
	readonly #strategy: string | UserStrategy;
	readonly #random: () => number;
	readonly #records = new Map<string, NodeRecord>();
	#turn = 0;

	constructor(strategy: string | UserStrategy, random: () => number) {
		this.#strategy = strategy;
		this.#random = random;
	}

	choose(
		providers: readonly Provider[],
		inFlight: (nodeId: string) => number,
		exclude?: ReadonlySet<string>,
	): Choice | undefined {
		const candidates = providers
			.filter(
				(provider) => takesCalls(provider) && !exclude?.has(provider.nodeId),
			)
			.map((provider) => this.#candidate(provider, inFlight(provider.nodeId)));
		if (this.#records.size > MAX_RECORDS) this.#forget(providers);
		if (candidates.length === 0) return undefined;
		const choice = this.#decide(candidates);
		if (!choice) return undefined;
		const { provider } = choice.candidate;
		this.#turn += 1;
		this.#record(provider.nodeId).turn = this.#turn;
		return { provider, reason: choice.reason };
	}

	settled(nodeId: string, ms: number, ok: boolean): void {
		this.#records.get(nodeId)?.settled(ms, ok);
	}

	#decide(candidates: readonly RoutingCandidate[]): StrategyChoice | undefined {
		const [only] = candidates;
		if (only && candidates.length === 1)
			return { candidate: only, reason: "the only one" };
		if (typeof this.#strategy === "function") {
			const candidate = this.#strategy(candidates);
			return (
				candidate && {
					candidate,
					reason: "chosen by the gateway's own strategy",
				}
			);
		}
		if (this.#mayExplore(candidates) && this.#random() < EXPLORE_SHARE)
			return { candidate: least(candidates), reason: "not used for longest" };
		const failing = ({ provider }: RoutingCandidate) =>
			this.#record(provider.nodeId).failing;
		return strategyByName(this.#strategy)(preferred(candidates, failing));
	}

	/** Only what is judged by the past can be misjudged by it. */
	#mayExplore(candidates: readonly RoutingCandidate[]): boolean {
		return (
			this.#strategy === "latency_based" ||
			candidates.some(({ provider }) => this.#record(provider.nodeId).failing)
		);
	}

	#candidate(provider: Provider, inFlight: number): RoutingCandidate {
		const record = this.#record(provider.nodeId);
		return {
			provider,
			inFlight,
			load: record.load(provider.load, inFlight),
			durationMs: record.durationMs,
			turn: record.turn,
		};
	}

	#record(nodeId: string): NodeRecord {
		let record = this.#records.get(nodeId);
		if (!record) {
			record = new NodeRecord(-this.#random() - Number.EPSILON);
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
