export type {
	AcceptCall,
	CallEnd,
	CallEvents,
	PathInfo,
	PathKind,
} from "./call-end.js";
export { Session } from "./session.js";
export {
	DEFAULT_SESSION_LIMITS,
	type SessionEnd,
	type SessionEvents,
	type SessionLimits,
	type SessionOptions,
} from "./session-types.js";
