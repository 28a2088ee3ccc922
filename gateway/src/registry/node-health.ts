/**
 * `online`: takes calls. `degraded`: a heartbeat is overdue, so it comes after others. `draining`: finishes what it
 * has. `lost`: two heartbeats are missing, or the connection is gone.
 */
export type NodeState = "online" | "degraded" | "draining" | "lost";

/** What is known of a node's health. Times on the monotonic clock, ms. */
export type NodeHealth =
	| {
			readonly state: "online" | "degraded" | "draining";
			/** When it was last heard of. */
			readonly heardAtMs: number;
			/** Since when it is in this state. */
			readonly sinceMs: number;
	  }
	| {
			readonly state: "lost";
			/** `silent`: still connected, but mute. `gone`: the connection broke. `left`: it had said that it would go. */
			readonly why: "silent" | "gone" | "left";
			readonly sinceMs: number;
	  };

/** What happens to a node. */
export type HealthEvent =
	/** It said `hello` on a new connection. */
	| { readonly type: "joined" }
	/** A heartbeat came in. */
	| { readonly type: "heard" }
	/** It wants no new calls. */
	| { readonly type: "draining" }
	/** Its connection is closed. */
	| { readonly type: "disconnected" }
	/** Nobody could have been heard for this long, since the gateway itself stood still, ms. */
	| { readonly type: "deaf"; readonly ms: number };

/** How long silence is borne, ms. */
export interface HealthPatience {
	readonly degradedAfterMs: number;
	readonly lostAfterMs: number;
}

/** Late by this much a heartbeat is not yet missing, ms; by half an interval, where that is less. */
const MOST_SLACK_MS = 2_000;

/** The patience with nodes that are asked for a heartbeat every `intervalMs`: two of them and some slack. */
export function patienceFor(intervalMs: number): HealthPatience {
	const slackMs = Math.min(intervalMs / 2, MOST_SLACK_MS);
	return {
		degradedAfterMs: intervalMs * 1.5,
		lostAfterMs: intervalMs * 2 + slackMs,
	};
}

/** The health of a node that has just joined. */
export function joinedHealth(nowMs: number): NodeHealth {
	return { state: "online", heardAtMs: nowMs, sinceMs: nowMs };
}

/** What time alone makes of a node's health. */
export function healthAt(
	health: NodeHealth,
	nowMs: number,
	{ degradedAfterMs, lostAfterMs }: HealthPatience,
): NodeHealth {
	if (health.state === "lost") return health;
	const { state, heardAtMs } = health;
	const silentMs = nowMs - heardAtMs;
	if (silentMs >= lostAfterMs)
		return { state: "lost", why: "silent", sinceMs: heardAtMs + lostAfterMs };
	if (state === "online" && silentMs >= degradedAfterMs)
		return {
			state: "degraded",
			heardAtMs,
			sinceMs: heardAtMs + degradedAfterMs,
		};
	return health;
}

/** The health after an event. A node that is lost stays so until it joins anew: what it says meanwhile comes too late. */
export function nextHealth(
	before: NodeHealth,
	event: HealthEvent,
	nowMs: number,
	patience: HealthPatience,
): NodeHealth {
	if (event.type === "joined") return joinedHealth(nowMs);
	if (event.type === "deaf") return excused(before, event.ms);
	const health = healthAt(before, nowMs, patience);
	if (health.state === "lost") return health;
	switch (event.type) {
		case "heard":
			return health.state === "degraded"
				? joinedHealth(nowMs)
				: { ...health, heardAtMs: nowMs };
		case "draining":
			return health.state === "draining"
				? health
				: { ...health, state: "draining", sinceMs: nowMs };
		case "disconnected":
			return {
				state: "lost",
				why: health.state === "draining" ? "left" : "gone",
				sinceMs: nowMs,
			};
		default:
			return event satisfies never;
	}
}

function excused(health: NodeHealth, ms: number): NodeHealth {
	return health.state === "lost"
		? health
		: { ...health, heardAtMs: health.heardAtMs + ms };
}
