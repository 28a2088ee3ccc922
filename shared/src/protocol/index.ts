export * from "./bundle.js";
export * from "./call-messages.js";
export * from "./constants.js";
export { ControlEncoder } from "./control-codec.js";
export { decodeControl } from "./decode-control.js";
export * from "./control-messages.js";
export { isJobOver, JOB_STATUSES, type JobStatus } from "./job-status.js";
export type {
	AnnouncedNeeds,
	Capabilities,
	NodeLoad,
	NodeResources,
} from "./node-resources.js";
export type {
	CallOutcome,
	CallTotals,
	NodeStats,
	NodeStatsRow,
} from "./node-stats.js";
export * from "./packet.js";
export { isPathLoss, PATH_LOSS } from "./path-loss.js";
export { PROBE_FUNCTION } from "./probe.js";
export * from "./provider.js";
export {
	FUNCTION_NAME_PATTERN,
	NAME_PATTERN,
	VERSION_PATTERN,
} from "./wire-types.js";
