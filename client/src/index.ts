export {
	Call,
	type CallEvent,
	type CallMeta,
	type CallOptions,
	type CallProgress,
	type FunctionProgress,
	type MapOptions,
	type MapOutcome,
	type MapProgress,
	type RemoteCall,
	type RemoteFunction,
	type RemoteModule,
	type SpawnedJob,
	type StreamCall,
	type ValueCall,
	type Transport,
	type TransferProgress,
	type WithMeta,
} from "@easyremote/shared/caller";
export {
	EasyRemoteError,
	type ErrorCode,
	RemoteFunctionError,
} from "@easyremote/shared/errors";
export type { PathReport } from "@easyremote/shared/peer";
export type { Client } from "./client.js";
export type {
	ClientEventMap,
	ClientRouteChange,
	ClientStateChange,
} from "./client-events.js";
export type { ClientOptions } from "./client-options.js";
export { createClient } from "./create-client.js";
export { configure, defaultClient } from "./default-client.js";
export type { Job } from "./jobs/job.js";
export type { ResultOptions } from "./jobs/job-desk.js";
export type { JobStatus } from "@easyremote/shared/protocol";
export type { JobInfo } from "./jobs/job-info.js";
export type { FunctionInfo, NodeInfo } from "./listing.js";
export { type RemoteMethodOptions, remote } from "./remote.js";
