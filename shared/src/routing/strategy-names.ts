import type { Strategy } from "./candidate.js";
import { latencyBased } from "./latency-based.js";
import { leastConnections } from "./least-connections.js";
import { ordered } from "./ordered.js";
import { resourceBased } from "./resource-based.js";
import { roundRobin } from "./round-robin.js";

/** Strategies that a gateway can be configured with by name. */
export const STRATEGY_NAMES = [
	"round_robin",
	"least_connections",
	"resource_based",
	"latency_based",
] as const;

export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** What a gateway uses unless told otherwise. */
export const DEFAULT_STRATEGY: StrategyName = "resource_based";

/** The name that stands on the wire for a gateway's own function. */
export const ORDERED_STRATEGY = "ordered";

const STRATEGIES: ReadonlyMap<string, Strategy> = new Map<string, Strategy>([
	["round_robin", roundRobin],
	["least_connections", leastConnections],
	["resource_based", resourceBased],
	["latency_based", latencyBased],
	[ORDERED_STRATEGY, ordered],
]);

/** The strategy of that name. One that is not known here (a newer gateway's) is replaced by the default. */
export function strategyByName(name: string): Strategy {
	return STRATEGIES.get(name) ?? resourceBased;
}
