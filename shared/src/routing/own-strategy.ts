import type { Clock } from "../time/clock.js";
import type { RoutingCandidate, StrategyChoice } from "./candidate.js";
import { DEFAULT_STRATEGY, strategyByName } from "./strategy-names.js";

/**
 * A strategy of one's own: picks one of the candidates, or undefined where none will do. It is asked for every call, so
 * it has to be quick (well below a millisecond) and cannot wait for anything.
 *
 * @example
 * const nearest: UserStrategy = (candidates) =>
 *   candidates.toSorted((a, b) => (a.provider.latencyMs ?? 0) - (b.provider.latencyMs ?? 0))[0];
 */
export type UserStrategy = (
	candidates: readonly RoutingCandidate[],
) => RoutingCandidate | undefined;

/** What is wrong with somebody's strategy. */
export interface StrategyFault {
	readonly kind: "threw" | "foreign answer" | "slow";
	/** In words, for whoever wrote it. */
	readonly message: string;
	/** How often this kind happened since it was last told. */
	readonly times: number;
}

export interface OwnStrategyOptions {
	readonly clock: Pick<Clock, "monotonic">;
	/** Told of faults, of each kind once a minute at most. */
	readonly report: (fault: StrategyFault) => void;
}

/** Nothing else happens in this process while a strategy thinks: longer than this is a fault, ms. */
const SLOW_MS = 20;
/** So many slow answers in a row … */
const SLOW_TIMES = 3;
/** … and it is not asked for this long, ms. */
const SUSPENDED_MS = 60_000;
const REPORT_EVERY_MS = 60_000;

/** The reason that stands with a choice of somebody's own strategy. */
const OWN_REASON = "chosen by the gateway's own strategy";

/** Somebody's strategy, which can do no harm: where it throws, answers nonsense or takes too long, the default decides. */
export class OwnStrategy {
	readonly #strategy: UserStrategy;
	readonly #options: OwnStrategyOptions;
	readonly #reported = new Map<
		StrategyFault["kind"],
		{ atMs: number; times: number }
	>();
	#slowInARow = 0;
	#suspendedUntilMs = Number.NEGATIVE_INFINITY;

	constructor(strategy: UserStrategy, options: OwnStrategyOptions) {
		this.#strategy = strategy;
		this.#options = options;
	}

	/** What it chooses among at least one candidate, or the default in its place; undefined if it wants none of them. */
	choose(candidates: readonly RoutingCandidate[]): StrategyChoice | undefined {
		const answer = this.ask(candidates);
		switch (answer.kind) {
			case "chosen":
				return { candidate: answer.candidate, reason: OWN_REASON };
			case "none":
				return undefined;
			case "fault": {
				const choice = strategyByName(DEFAULT_STRATEGY)(candidates);
				const reason = `${choice.reason}, since the gateway's own strategy ${answer.why}`;
				return { ...choice, reason };
			}
			default:
				return answer satisfies never;
		}
	}

	/** Its answer, if it is one. */
	ask(
		candidates: readonly RoutingCandidate[],
	):
		| { readonly kind: "chosen"; readonly candidate: RoutingCandidate }
		| { readonly kind: "none" }
		| { readonly kind: "fault"; readonly why: string } {
		const { clock } = this.#options;
		const startMs = clock.monotonic();
		if (startMs < this.#suspendedUntilMs)
			return { kind: "fault", why: "is suspended for being slow" };
		let answer: unknown;
		try {
			// A copy: it may well sort what it is given.
			answer = this.#strategy([...candidates]);
		} catch (error) {
			this.#fault("threw", `it threw ${textOf(error)}`);
			return { kind: "fault", why: "threw" };
		}
		this.#time(clock.monotonic() - startMs);
		if (answer === undefined) return { kind: "none" };
		const candidate = candidates.find((each) => each === answer);
		if (candidate) return { kind: "chosen", candidate };
		this.#fault("foreign answer", foreign(answer));
		return { kind: "fault", why: "chose none of its candidates" };
	}

	#time(ms: number): void {
		if (ms <= SLOW_MS) {
			this.#slowInARow = 0;
			return;
		}
		this.#slowInARow += 1;
		const suspended = this.#slowInARow >= SLOW_TIMES;
		if (suspended) {
			this.#slowInARow = 0;
			this.#suspendedUntilMs = this.#options.clock.monotonic() + SUSPENDED_MS;
		}
		const then = suspended
			? `, several times in a row: it is not asked for ${SUSPENDED_MS / 1_000} s`
			: "";
		this.#fault("slow", `it took ${Math.round(ms)} ms to choose${then}`);
	}

	#fault(kind: StrategyFault["kind"], message: string): void {
		const nowMs = this.#options.clock.monotonic();
		const known = this.#reported.get(kind) ?? {
			atMs: Number.NEGATIVE_INFINITY,
			times: 0,
		};
		this.#reported.set(kind, known);
		known.times += 1;
		if (nowMs - known.atMs < REPORT_EVERY_MS) return;
		const { times } = known;
		known.atMs = nowMs;
		known.times = 0;
		this.#options.report({ kind, message, times });
	}
}

function foreign(answer: unknown): string {
	if (answer instanceof Promise) {
		// It is not waited for, so its failure would end the process.
		answer.catch(() => undefined);
		return "it answered with a promise: a strategy cannot wait for anything";
	}
	return `it answered with something else than one of its candidates (${typeof answer})`;
}

function textOf(error: unknown): string {
	return error instanceof Error
		? `${error.name}: ${error.message}`
		: `a ${typeof error}`;
}
