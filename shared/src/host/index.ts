export {
	Admission,
	type AdmissionLimits,
	type Applicant,
	DEFAULT_ADMISSION_LIMITS,
	type OverloadCheck,
} from "./admission.js";
export { namedArguments } from "./call-arguments.js";
export type { CacheOutcome, CallReport } from "./call-report.js";
export { didYouMean } from "./did-you-mean.js";
export type { Executor } from "./executor.js";
export { FunctionTable, type TableChange } from "./function-table.js";
export {
	createHost,
	DEFAULT_REQUEST_TIMEOUT_MS,
	type Host,
	type HostOptions,
} from "./host.js";
export { type HostLog, silentLog } from "./host-log.js";
export { type DirectOptions, MAX_PEER_CONNECTIONS } from "./hosted-sessions.js";
export { inlineExecutor } from "./inline-executor.js";
export {
	DRAIN_TIMEOUT_MS,
	ServedNode,
	type ServedNodeEvents,
	type ServedNodeOptions,
	type ServedNodeState,
} from "./served-node.js";
