import { PROTOCOL } from "../protocol/constants.js";
import type { Choice, Chooser } from "../routing/chooser.js";
import { choosers, onlyChoice } from "../routing/lazy-chooser.js";
import type { Clock } from "../time/clock.js";
import { DeadlineWatch } from "../time/deadline-watch.js";
import { systemClock } from "../time/system-clock.js";
import type { AnswerSource } from "./answer-source.js";
import { Call } from "./call.js";
import type { CallContext } from "./call-context.js";
import type { CallObserver } from "./call-observer.js";
import type { CallDefaults, CallOptions } from "./call-options.js";
import type { CallRequest, CallTarget } from "./call-request.js";
import { CallRun } from "./call-run.js";
import { InFlight } from "./in-flight.js";
import type { MapRequest } from "./map/map-options.js";
import { LazyMap } from "./map/lazy-map.js";
import { RetryBudget } from "./retry-budget.js";
import type { Route, RouteSource } from "./route-source.js";
import type { SessionSource } from "./session-source.js";
import type { Verdict } from "./verify/verdict.js";

/** What a `Caller` is made of. */
export interface CallerOptions {
	readonly routes: RouteSource;
	readonly sessions: SessionSource;
	readonly defaults?: Partial<CallDefaults>;
	/** Shared by callers that load the same nodes (the gateway makes one caller for each principal). */
	readonly inFlight?: InFlight;
	readonly clock?: Clock;
	/** A number in [0, 1), not for secrets. */
	readonly random: () => number;
	/** Answers kept on this side of the nodes. */
	readonly answers?: AnswerSource | undefined;
	/** Hears of every call. */
	readonly observer?: CallObserver;
	/** Hears how donors' results compare with others'. It must not throw. */
	readonly verdict?: (verdict: Verdict) => void;
}

/** What a call does where neither it nor the client says otherwise. */
export const CALL_DEFAULTS: CallDefaults = {
	timeoutMs: 60_000,
	retries: 2,
	transport: "auto",
	directThresholdBytes: PROTOCOL.directThresholdBytes,
	cache: true,
	quorum: 1,
};

/**
 * Makes calls: the same in a client and behind the gateway's REST door, which differ in where routes and
 * sessions come from.
 *
 * @example
 * const caller = new Caller({ routes, sessions, random: Math.random });
 * const sum = await caller.call({ function: "add" }, [1, 2]);
 */
export class Caller {
	readonly #context: CallContext;
	readonly #choosers = new WeakMap<Route, Chooser>();
	/** Ids are unique by this and a count; they are no secrets. */
	readonly #idPrefix: string;
	#count = 0;

	constructor(options: CallerOptions) {
		const clock = options.clock ?? systemClock;
		const { random } = options;
		this.#idPrefix = randomWord(random) + randomWord(random);
		this.#context = {
			routes: options.routes,
			sessions: options.sessions,
			defaults: { ...CALL_DEFAULTS, ...options.defaults },
			clock,
			deadlines: new DeadlineWatch(clock),
			inFlight: options.inFlight ?? new InFlight(),
			retryBudget: new RetryBudget(),
			random,
			observer: options.observer,
			answers: options.answers,
			verdict: options.verdict,
			choose: (route, exclude) => this.#choose(route, exclude),
			settled: (route, nodeId, outcome) => {
				this.#choosers.get(route)?.settled(nodeId, outcome);
			},
			released: (route, nodeId) => {
				this.#choosers.get(route)?.released(nodeId);
			},
		};
	}

	/** Calls with values. Failures, those of the arguments too, come through the promise. */
	call<T = unknown>(
		target: CallTarget,
		args: readonly unknown[],
		options?: CallOptions,
	): Call<T> {
		return this.start<T>({ target, input: { args }, options });
	}

	/** Calls with everything that can be said about a call. */
	start<T = unknown>(request: CallRequest): Call<T> {
		this.#count += 1;
		this.#context.retryBudget.earn();
		const id = `${this.#idPrefix}-${this.#count.toString(36)}`;
		return new Call<T>(new CallRun(id, request, this.#context));
	}

	/** Calls a function once for each input. Throws INVALID_ARGUMENT for options and inputs that are of no use. */
	map(request: MapRequest): AsyncIterableIterator<unknown> {
		return new LazyMap(request, {
			context: this.#context,
			start: (one) => this.start(one),
		});
	}

	/** Forgets deadlines; calls still open are ended by the sessions they are on. */
	close(): void {
		this.#context.deadlines.close();
	}

	#choose(route: Route, exclude: ReadonlySet<string>): Choice | undefined {
		if (!choosers.code) return onlyChoice(route.providers, exclude);
		let chooser = this.#choosers.get(route);
		if (!chooser) {
			chooser = choosers.code.createChooser(route.strategy, this.#context);
			this.#choosers.set(route, chooser);
		}
		const { inFlight } = this.#context;
		return chooser.choose(route.providers, (id) => inFlight.of(id), exclude);
	}
}

function randomWord(random: () => number): string {
	return Math.floor(random() * 2 ** 48)
		.toString(36)
		.padStart(10, "0");
}
