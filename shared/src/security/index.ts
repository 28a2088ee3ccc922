export { type ApiKey, createApiKey, parseApiKey } from "./api-key.js";
export {
	bundleFunctionName,
	type FunctionRef,
	parseRef,
	withoutVersion,
} from "./function-ref.js";
export {
	GRANT_KINDS,
	type Grant,
	isGrant,
	mayCall,
	mayPublish,
	mayRegister,
	mayRegisterFunction,
	parseGrant,
} from "./grants.js";
