/** Failures in a row that open a circuit: as many as Finagle's failure accrual takes. */
const TRIPS_AFTER = 5;
/** How long a circuit stays open at first, ms; twice as long after each probe that fails … */
const FIRST_REST_MS = 1_000;
/** … up to this. */
const LONGEST_REST_MS = 30_000;
/** A probe that has not ended by then is taken to be lost, ms. */
const PROBE_PATIENCE_MS = 30_000;

/**
 * Whether a function at a node gets calls. `closed`: yes. `open`: no, until it has rested. `half_open`: one call is on
 * its way to find out, and no other follows. The circuit breaker of M. Nygard, "Release It!" (2007).
 */
export type Circuit =
	| { readonly state: "closed"; readonly failures: number }
	| {
			readonly state: "open";
			readonly untilMs: number;
			readonly restMs: number;
	  }
	| {
			readonly state: "half_open";
			readonly sinceMs: number;
			readonly restMs: number;
	  };

/**
 * `sent`: a call goes there. `well`: one came back by which the node did its part. `failed`: the node did not.
 * `unknown`: one ended that says nothing, such as by its caller.
 */
export type CircuitEvent = "sent" | "well" | "failed" | "unknown";

export const CLOSED: Circuit = { state: "closed", failures: 0 };

/** Whether a call may go there now. */
export function letsThrough(circuit: Circuit, nowMs: number): boolean {
	switch (circuit.state) {
		case "closed":
			return true;
		case "open":
			return nowMs >= circuit.untilMs;
		case "half_open":
			return nowMs - circuit.sinceMs >= PROBE_PATIENCE_MS;
		default:
			return circuit satisfies never;
	}
}

/** The circuit after an event. Pure. */
export function nextCircuit(
	circuit: Circuit,
	event: CircuitEvent,
	nowMs: number,
): Circuit {
	switch (event) {
		case "sent":
			return circuit.state !== "closed" && letsThrough(circuit, nowMs)
				? { state: "half_open", sinceMs: nowMs, restMs: circuit.restMs }
				: circuit;
		case "well":
			return CLOSED;
		case "failed":
			return afterFailure(circuit, nowMs);
		case "unknown":
			// The next call is the probe then.
			return circuit.state === "half_open"
				? { state: "open", untilMs: nowMs, restMs: circuit.restMs }
				: circuit;
		default:
			return event satisfies never;
	}
}

function afterFailure(circuit: Circuit, nowMs: number): Circuit {
	switch (circuit.state) {
		case "closed": {
			const failures = circuit.failures + 1;
			return failures < TRIPS_AFTER
				? { state: "closed", failures }
				: open(FIRST_REST_MS, nowMs);
		}
		case "open":
			// A call that was sent before it opened.
			return circuit;
		case "half_open":
			return open(Math.min(circuit.restMs * 2, LONGEST_REST_MS), nowMs);
		default:
			return circuit satisfies never;
	}
}

function open(restMs: number, nowMs: number): Circuit {
	return { state: "open", untilMs: nowMs + restMs, restMs };
}
