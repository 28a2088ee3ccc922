export {
	EasyRemoteError,
	type ErrorCode,
	type ErrorOptions,
	RemoteFunctionError,
} from "./errors/index.js";
export type {
	FailedCall,
	FinishedCall,
	Plugin,
	PluginCall,
	PluginNode,
} from "./plugins/index.js";
export {
	type CallContext,
	type CallProgress,
	define,
	type DefinedFunction,
	type Duration,
	type FunctionOptions,
} from "./functions/index.js";
