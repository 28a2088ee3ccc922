import type { Signal } from "../protocol/control-messages.js";

/**
 * `idle`: no direct path, and nobody is making one. `connecting`: an attempt runs. `open`: there is
 * one. `failed`: the last attempt came to nothing, and the next one has to wait. `closed`: for good.
 */
export type UpgradePhase = "idle" | "connecting" | "open" | "failed" | "closed";

/** Where one end of a session stands on its way to a direct path. */
export interface UpgradeState {
	readonly phase: UpgradePhase;
	/** The latest attempt of which this end knows. The opener counts, from 1. */
	readonly attempt: number;
	/** Attempts in a row that came to nothing, or whose path died young. */
	readonly failures: number;
	/** So many failures come before the first that is waited out: there is a way, or was until now. */
	readonly spare: number;
	/** How many attempts in a row this one repeats that met with an accident, not with a reason in the network. */
	readonly repeats: number;
	/** Why there was no direct path when there was last none. */
	readonly reason: string | undefined;
	/** What would help against it, where that is known. */
	readonly fix: string | undefined;
	/** Whose words those are. */
	readonly saidBy: "here" | "far end";
}

/** What may happen to it. */
export type UpgradeEvent =
	/** Somebody here would like a direct path. */
	| { readonly type: "wanted" }
	/** This machine has other addresses than before. `inUse`: the session has calls. */
	| { readonly type: "network_changed"; readonly inUse: boolean }
	/** A signal of the far end. */
	| {
			readonly type: "signal";
			readonly attempt: number;
			readonly signal: Signal;
	  }
	/** Our attempt has opened. */
	| { readonly type: "opened"; readonly attempt: number }
	/** Our attempt came to nothing; `repeat`: the same again may well succeed. */
	| {
			readonly type: "failed";
			readonly attempt: number;
			readonly reason: string;
			readonly fix?: string | undefined;
			readonly repeat: boolean;
	  }
	/** The open path ended, on purpose (no reason) or not. `young`: it had not lasted. */
	| {
			readonly type: "lost";
			readonly attempt: number;
			readonly reason: string | undefined;
			readonly young: boolean;
	  }
	/** The wait before another attempt is over; `inUse`: the session has calls. */
	| { readonly type: "retry"; readonly inUse: boolean }
	/** The path is given back, for now: nobody here needs it. */
	| { readonly type: "release" }
	| { readonly type: "close" };

/** What is to be done about it, in order. */
export type UpgradeEffect =
	/** Start an attempt, ending the one before. */
	| { readonly type: "connect"; readonly attempt: number }
	/** Give the running attempt a signal of the far end. */
	| { readonly type: "deliver"; readonly signal: Signal }
	/** End the running attempt, and with it an open path. */
	| { readonly type: "drop" }
	| { readonly type: "send"; readonly attempt: number; readonly signal: Signal }
	/** Plan a `retry` event; `failures`, without those to spare, says how patiently. */
	| { readonly type: "plan"; readonly failures: number };

export interface UpgradeStep {
	readonly state: UpgradeState;
	readonly effects: readonly UpgradeEffect[];
}

/** Accidents are rare: so many in a row are none. */
const MOST_REPEATS = 3;

/**
 * Failures to spare where a good path was lost or a network has changed: the far end may be on the move as well, and an
 * attempt that asks for its old addresses comes to nothing.
 */
const SPARE = 2;

const NOTHING_WRONG = {
	reason: undefined,
	fix: undefined,
	saidBy: "here",
} as const;

export const INITIAL_UPGRADE: UpgradeState = {
	phase: "idle",
	attempt: 0,
	failures: 0,
	spare: 0,
	repeats: 0,
	...NOTHING_WRONG,
};

/** What is known of a failure. */
type Failure = Pick<UpgradeState, "reason" | "fix" | "saidBy"> & {
	readonly reason: string;
	readonly repeat: boolean;
};

/** The rules, without effects. `initiator`: this end opened the session, so it makes the offers. */
export function stepUpgrade(
	state: UpgradeState,
	event: UpgradeEvent,
	initiator: boolean,
): UpgradeStep {
	if (state.phase === "closed") return stay(state);
	switch (event.type) {
		case "wanted":
			return initiator && state.phase === "idle" ? connect(state) : stay(state);
		case "network_changed":
			return onNetworkChanged(state, event.inUse, initiator);
		case "signal":
			return onSignal(state, event.attempt, event.signal, initiator);
		case "opened":
			if (!runs(state, event.attempt)) return stay(state);
			return stay({
				...state,
				phase: "open",
				repeats: 0,
				...NOTHING_WRONG,
			});
		case "failed":
			if (!runs(state, event.attempt)) return stay(state);
			return onFailed(state, failureHere(event), initiator, [
				tell(state, {
					kind: "failed",
					reason: event.reason,
					fix: event.fix,
					repeat: event.repeat,
				}),
			]);
		case "lost":
			return onLost(state, event, initiator);
		case "retry":
			if (state.phase !== "idle" && state.phase !== "failed")
				return stay(state);
			return event.inUse ? connect(state) : stay({ ...state, phase: "idle" });
		case "release":
			return onRelease(state);
		case "close":
			return {
				state: { ...state, phase: "closed" },
				effects: [{ type: "drop" }],
			};
		default:
			return event satisfies never;
	}
}

function onSignal(
	state: UpgradeState,
	attempt: number,
	signal: Signal,
	initiator: boolean,
): UpgradeStep {
	const isOffer = signal.kind === "description" && signal.type === "offer";
	if (!initiator && isOffer && attempt > state.attempt) {
		return {
			state: { ...state, phase: "connecting", attempt },
			effects: [
				{ type: "connect", attempt },
				{ type: "deliver", signal },
			],
		};
	}
	if (attempt !== state.attempt) return stay(state);
	if (signal.kind === "description" || signal.kind === "candidate") {
		if (state.phase !== "connecting" && state.phase !== "open")
			return stay(state);
		return { state, effects: [{ type: "deliver", signal }] };
	}
	const reason =
		signal.kind === "failed"
			? `the far end says: ${signal.reason}`
			: "the far end lost the direct path";
	if (state.phase === "connecting" && signal.kind === "failed") {
		const { repeat = false } = signal;
		// Its "here" is not ours.
		const fix = signal.fix && `at the far end: ${signal.fix}`;
		const failure: Failure = { reason, fix, saidBy: "far end", repeat };
		return onFailed(state, failure, initiator, []);
	}
	if (state.phase === "open") {
		const step = onLost(state, { attempt, reason, young: false }, initiator);
		return { ...step, state: { ...step.state, saidBy: "far end" } };
	}
	// A node that wants a path may ask for one where none is under way.
	const asked =
		signal.kind === "request" && initiator && state.phase === "idle";
	return asked ? connect(state) : stay(state);
}

function onFailed(
	state: UpgradeState,
	{ repeat, ...trouble }: Failure,
	initiator: boolean,
	effects: readonly UpgradeEffect[],
): UpgradeStep {
	if (initiator && repeat && state.repeats < MOST_REPEATS) {
		const again = connect({ ...state, ...trouble });
		return {
			state: { ...again.state, repeats: state.repeats + 1 },
			effects: [...effects, ...again.effects],
		};
	}
	const failures = state.failures + 1;
	return {
		state: { ...state, ...trouble, phase: "failed", failures, repeats: 0 },
		effects: [
			...effects,
			{ type: "drop" },
			...(initiator
				? [{ type: "plan", failures: patience(failures, state.spare) } as const]
				: []),
		],
	};
}

function onLost(
	state: UpgradeState,
	event: {
		readonly attempt: number;
		readonly reason: string | undefined;
		readonly young: boolean;
	},
	initiator: boolean,
): UpgradeStep {
	const { attempt, reason, young } = event;
	if (attempt !== state.attempt) return stay(state);
	if (state.phase === "connecting") {
		return onFailed(
			state,
			failureHere({
				reason: reason ?? "the far end closed it at once",
				repeat: false,
			}),
			initiator,
			[],
		);
	}
	if (state.phase !== "open") return stay(state);
	const failures = young && reason !== undefined ? state.failures + 1 : 0;
	const trouble = { ...NOTHING_WRONG, reason };
	const spare = young ? state.spare : SPARE;
	const idle: UpgradeState = {
		...state,
		phase: "idle",
		failures,
		spare,
		...trouble,
	};
	if (reason === undefined) return { state: idle, effects: [{ type: "drop" }] };
	return {
		state: idle,
		effects: [
			{ type: "drop" },
			initiator
				? { type: "plan", failures: patience(failures, spare) }
				: tell(state, { kind: "request" }),
		],
	};
}

function onRelease(state: UpgradeState): UpgradeStep {
	const idle: UpgradeState = { ...state, phase: "idle", ...NOTHING_WRONG };
	if (state.phase === "open")
		return { state: idle, effects: [{ type: "drop" }] };
	if (state.phase !== "connecting") return stay(state);
	const reason = "the connection was given back before it opened";
	return {
		state: idle,
		effects: [tell(state, { kind: "failed", reason }), { type: "drop" }],
	};
}

/** What failed before may work now, and what runs has asked the wrong addresses. An open path shows by itself whether it is dead. */
function onNetworkChanged(
	state: UpgradeState,
	inUse: boolean,
	initiator: boolean,
): UpgradeStep {
	const { phase, reason } = state;
	const fresh = { ...state, failures: 0, spare: SPARE };
	const waits =
		phase === "failed" || (phase === "idle" && reason !== undefined);
	if (initiator && (phase === "connecting" || (waits && inUse)))
		return connect(fresh);
	return stay(phase === "failed" ? { ...fresh, phase: "idle" } : fresh);
}

function connect(state: UpgradeState): UpgradeStep {
	const attempt = state.attempt + 1;
	return {
		state: { ...state, phase: "connecting", attempt, repeats: 0 },
		effects: [{ type: "connect", attempt }],
	};
}

function failureHere({
	reason,
	fix,
	repeat,
}: Omit<Failure, "saidBy" | "fix"> & {
	readonly fix?: string | undefined;
}): Failure {
	return { reason, fix, saidBy: "here", repeat };
}

function patience(failures: number, spare: number): number {
	return Math.max(failures - spare, 0);
}

function runs(state: UpgradeState, attempt: number): boolean {
	return state.phase === "connecting" && state.attempt === attempt;
}

function tell(state: UpgradeState, signal: Signal): UpgradeEffect {
	return { type: "send", attempt: state.attempt, signal };
}

function stay(state: UpgradeState): UpgradeStep {
	return { state, effects: [] };
}
