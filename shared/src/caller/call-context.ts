import type { CallOutcome } from "../routing/call-outcome.js";
import type { Choice } from "../routing/chooser.js";
import type { Clock } from "../time/clock.js";
import type { DeadlineWatch } from "../time/deadline-watch.js";
import type { AnswerSource } from "./answer-source.js";
import type { CallObserver } from "./call-observer.js";
import type { CallDefaults } from "./call-options.js";
import type { InFlight } from "./in-flight.js";
import type { RetryBudget } from "./retry-budget.js";
import type { Route, RouteSource } from "./route-source.js";
import type { SessionSource } from "./session-source.js";
import type { Verdict } from "./verify/verdict.js";

/** What all calls of one caller share. */
export interface CallContext {
	readonly routes: RouteSource;
	readonly sessions: SessionSource;
	readonly defaults: CallDefaults;
	readonly clock: Clock;
	readonly deadlines: DeadlineWatch;
	readonly inFlight: InFlight;
	readonly retryBudget: RetryBudget;
	/** A number in [0, 1). */
	readonly random: () => number;
	readonly observer: CallObserver | undefined;
	readonly answers: AnswerSource | undefined;
	/** Hears how donors' results compare with others'. */
	readonly verdict: ((verdict: Verdict) => void) | undefined;
	/**
	 * The provider for the next attempt, by the route's strategy, and why; undefined if all are excluded or there are none.
	 * Not before `lacksChooser` says that there is nothing to wait for.
	 */
	choose(route: Route, exclude: ReadonlySet<string>): Choice | undefined;
	/** Tells the strategy how an attempt at a node ended. */
	settled(route: Route, nodeId: string, outcome: CallOutcome): void;
	/** Tells it that nothing was sent to the node it chose. */
	released(route: Route, nodeId: string): void;
}
