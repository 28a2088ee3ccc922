export type {
	AnswerPlace,
	AnswerSource,
	KeepableCall,
	KnownAnswer,
} from "./answer-source.js";
export { Call, type CallRoute } from "./call.js";
export type { CallEvent } from "./call-event.js";
export type { BegunCall, CallObserver, CallWatch } from "./call-observer.js";
export type { CallMeta, WithMeta } from "./call-meta.js";
export type {
	CallProgress,
	FunctionProgress,
	TransferProgress,
} from "./call-progress.js";
export type { CallDefaults, CallOptions, Transport } from "./call-options.js";
export { readTimeout, settleOptions } from "./call-settings.js";
export { argumentCheck } from "./argument-check.js";
export type { CallInput, CallRequest, CallTarget } from "./call-request.js";
export { CALL_DEFAULTS, Caller, type CallerOptions } from "./caller.js";
export { InFlight } from "./in-flight.js";
export { checkNodeId, offeredBy, parseReference } from "./reference.js";
export { spawnPayload, type SpawnedJob } from "./spawn-payload.js";
export {
	type FunctionHandle,
	functionHandle,
	type Invoker,
	moduleHandle,
} from "./remote-handle.js";
export type {
	RemoteCall,
	RemoteFunction,
	RemoteModule,
	StreamCall,
	ValueCall,
} from "./remote-types.js";
export type {
	MapOptions,
	MapOutcome,
	MapProgress,
	MapRequest,
} from "./map/map-options.js";
export { LiveRoute } from "./live-route.js";
export type { Route, RouteSource } from "./route-source.js";
export type {
	DirectPath,
	OpenedRelay,
	OpenRequest,
	RelayAnswer,
	SessionOpener,
} from "./session-opener.js";
export { type Ballot, BallotBox } from "./verify/ballot-box.js";
export { answersNeeded } from "./verify/replication.js";
export type { Agreement, Verdict } from "./verify/verdict.js";
export { SessionPool, type SessionPoolOptions } from "./session-pool.js";
export {
	type CallerSession,
	type DirectStatus,
	noDirectPath,
	type SessionSource,
} from "./session-source.js";
