export { CallStats } from "./call-stats.js";
export { CallTally, type TalliedCall } from "./call-tally.js";
export { totalsSince } from "./totals-since.js";
export {
	formatTraceparent,
	parseTraceparent,
	type TraceParent,
	validTraceparent,
} from "./traceparent.js";
