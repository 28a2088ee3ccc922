export type { RoutingCandidate } from "./candidate.js";
export { type Choice, type Chooser, createChooser } from "./chooser.js";
export { hasTags, takesCalls } from "./eligible.js";
export { unmetNeed } from "./resource-needs.js";
export { preferenceOrder } from "./preference-order.js";
export {
	DEFAULT_STRATEGY,
	ORDERED_STRATEGY,
	STRATEGY_NAMES,
	type StrategyName,
	type UserStrategy,
} from "./strategy-names.js";
