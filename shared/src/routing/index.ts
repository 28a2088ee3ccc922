export type { CallOutcome } from "./call-outcome.js";
export type { RoutingCandidate } from "./candidate.js";
export { type Choice, type Chooser, createChooser } from "./chooser.js";
export { hasTags, takesCalls } from "./eligible.js";
export { isOfEngine } from "./engine-need.js";
export {
	OwnStrategy,
	type StrategyFault,
	type UserStrategy,
} from "./own-strategy.js";
export { preferenceOrder } from "./preference-order.js";
export { unmetNeed } from "./resource-needs.js";
export {
	DEFAULT_STRATEGY,
	ORDERED_STRATEGY,
	STRATEGY_NAMES,
	type StrategyName,
} from "./strategy-names.js";
