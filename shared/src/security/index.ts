export { type ApiKey, createApiKey, parseApiKey } from "./api-key.js";
export { type FunctionRef, parseRef } from "./function-ref.js";
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
