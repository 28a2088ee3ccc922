import type { EasyRemoteError } from "../errors/easyremote-error.js";
import { toEasyRemoteError } from "../errors/error-wire.js";
import { PROTOCOL } from "../protocol/constants.js";
import type { RouteQuery } from "../protocol/control-messages.js";
import { PROBE_FUNCTION } from "../protocol/probe.js";
import type { Choice } from "../routing/chooser.js";
import { takesCalls } from "../routing/eligible.js";
import { choosers, lacksChooser } from "../routing/lazy-chooser.js";
import type { PathKind } from "../session/call-end.js";
import type { CallContext } from "./call-context.js";
import {
	nobodyProvides,
	nobodySuits,
	noDirectPathTo,
	sessionEnded,
} from "./call-failures.js";
import type { CallTarget } from "./call-request.js";
import type { CallSettings } from "./call-settings.js";
import type { Destination } from "./destination.js";
import {
	lacksVerification,
	verifications,
} from "./verify/lazy-verification.js";
import type { ReplicaTerms } from "./verify/replica.js";
import { choosePath } from "./path-choice.js";
import type { Route } from "./route-source.js";
import type { CallerSession } from "./session-source.js";

/** Whose journey it is. */
export interface Traveller {
	/** The call is over: the journey ends where it is. */
	readonly over: boolean;
	/** The node is chosen. */
	headedFor(destination: Destination): void;
	/** Everything is ready: send the call. */
	arrived(destination: Destination, path: PathKind | "any"): void;
	/** It ends here; nothing was sent. */
	stranded(error: EasyRemoteError): void;
}

/** What a journey is for. */
export interface Errand {
	readonly target: CallTarget;
	/** As in `CallRequest`. */
	readonly prefer: string | undefined;
	readonly settings: CallSettings;
	readonly payloadBytes: number;
	/** Nodes that do not suit them are not gone to. */
	readonly terms: ReplicaTerms | undefined;
}

/** An attempt begins a little after the wait for it, and is to end first: it knows why it came to nothing. */
const STRICT_PATIENCE_MS = PROTOCOL.directAttemptTimeoutMs + 2_000;

const NONE: ReadonlySet<string> = new Set();

/**
 * The way of a call to a node: route, provider, session, path. Where nothing has to be waited for it is
 * gone in one go, without giving up the turn, so that a small call costs little.
 */
export class CallJourney {
	readonly #context: CallContext;
	readonly #errand: Errand;
	readonly #traveller: Traveller;
	#lifetime: AbortController | undefined;

	constructor(context: CallContext, errand: Errand, traveller: Traveller) {
		this.#context = context;
		this.#errand = errand;
		this.#traveller = traveller;
	}

	/** Sets out, to a node not in `avoid` if there is one. Nothing is thrown. */
	begin(avoid: ReadonlySet<string> = NONE): void {
		this.#guard(() => this.#route(avoid));
	}

	/** Stops waiting. */
	end(): void {
		this.#lifetime?.abort();
	}

	/** @param latest whether what is known now is all that can be known: it was found to lead nowhere before */
	#route(avoid: ReadonlySet<string>, latest = false): void {
		const { target } = this.#errand;
		const query = routeQuery(target);
		const known = this.#context.routes.peek(query);
		if (known) {
			this.#choose(known, avoid, latest);
			return;
		}
		// Where the node is named, its session is opened in the same flight as the question for the route.
		if (target.node !== undefined) this.#session(target.node);
		this.#wait(this.#context.routes.resolve(query, this.#signal()), (route) =>
			this.#choose(route, avoid, true),
		);
	}

	/** @param latest as in `#route` */
	#choose(route: Route, avoid: ReadonlySet<string>, latest: boolean): void {
		if (lacksChooser(route)) {
			this.#wait(choosers.load(), () => this.#choose(route, avoid, latest));
			return;
		}
		// When all have failed it, the next attempt may find one of them recovered.
		const choice =
			this.#preferred(route, avoid) ??
			this.#context.choose(route, this.#barred(route, avoid)) ??
			(avoid.size > 0
				? this.#context.choose(route, this.#barred(route, NONE))
				: undefined);
		if (!choice && !latest) {
			route.doubt();
			this.#route(avoid, true);
			return;
		}
		if (!choice) {
			const { target } = this.#errand;
			const count = route.providers.length;
			const nobody =
				count > 0 ? nobodySuits(target, count) : nobodyProvides(target);
			this.#traveller.stranded(route.error ?? nobody);
			return;
		}
		const { provider, reason } = choice;
		const { nodeId } = provider;
		const session = this.#session(nodeId);
		const destination = { nodeId, provider, route, session, reason };
		this.#traveller.headedFor(destination);
		this.#choosePath(destination);
	}

	/** Nodes not to go to: those in `avoid`, and those that the terms rule out. */
	#barred(route: Route, avoid: ReadonlySet<string>): ReadonlySet<string> {
		const { terms } = this.#errand;
		if (!terms) return avoid;
		const unsuited = route.providers.filter((each) => !terms.suits(each));
		return new Set([...avoid, ...unsuited.map(({ nodeId }) => nodeId)]);
	}

	#preferred(route: Route, avoid: ReadonlySet<string>): Choice | undefined {
		const { prefer } = this.#errand;
		if (prefer === undefined || avoid.has(prefer)) return undefined;
		const provider = route.providers.find(
			(each) => each.nodeId === prefer && takesCalls(each),
		);
		return provider && { provider, reason: "equal calls go there" };
	}

	#session(nodeId: string): CallerSession {
		const direct = this.#errand.settings.transport !== "relay";
		return this.#context.sessions.session(nodeId, { direct });
	}

	#choosePath(destination: Destination): void {
		const { settings, payloadBytes } = this.#errand;
		const { transport, directThresholdBytes } = settings;
		const { direct } = destination.session;
		const choice = choosePath(
			transport,
			direct.state,
			payloadBytes,
			directThresholdBytes,
		);
		switch (choice.kind) {
			case "go":
				this.#arrive(destination, choice.path);
				return;
			case "fail":
				this.#turnBack(destination);
				return;
			case "wait": {
				const strict = choice.otherwise === "fail";
				const patienceMs = strict ? STRICT_PATIENCE_MS : PROTOCOL.directWaitMs;
				this.#wait(direct.whenOpen(patienceMs, this.#signal()), (open) => {
					const lost = destination.session.session.closed;
					if (lost || (strict && !open)) this.#turnBack(destination);
					else this.#arrive(destination, strict ? "direct" : "any");
				});
				return;
			}
			default:
				choice satisfies never;
		}
	}

	/** Runs that check another's result are not checked themselves. */
	#arrive(destination: Destination, path: PathKind | "any"): void {
		const { settings, terms } = this.#errand;
		const arrived = () => this.#traveller.arrived(destination, path);
		if (!terms && lacksVerification(destination.provider, settings.quorum))
			this.#wait(verifications.load(), arrived);
		else arrived();
	}

	/** No path; but the session may have been refused, which says more. */
	#turnBack({ nodeId, session }: Destination): void {
		if (session.session.closed) {
			this.#wait(session.opened, () =>
				this.#traveller.stranded(sessionEnded(nodeId)),
			);
			return;
		}
		this.#traveller.stranded(noDirectPathTo(nodeId, session.direct.report));
	}

	/** Goes on when `promise` has settled, unless the call is over by then. */
	#wait<T>(promise: Promise<T>, goOn: (value: T) => void): void {
		promise.then(
			(value) => {
				if (!this.#traveller.over) this.#guard(() => goOn(value));
			},
			(error: unknown) => {
				this.#traveller.stranded(toEasyRemoteError(error));
			},
		);
	}

	#guard(step: () => void): void {
		try {
			step();
		} catch (error) {
			this.#traveller.stranded(toEasyRemoteError(error));
		}
	}

	#signal(): AbortSignal {
		this.#lifetime ??= new AbortController();
		return this.#lifetime.signal;
	}
}

/** No node announces the probe: any that the caller may call at all has it. */
function routeQuery(target: CallTarget): RouteQuery {
	if (target.function !== PROBE_FUNCTION) return target;
	const { function: _probe, ...place } = target;
	return place;
}
