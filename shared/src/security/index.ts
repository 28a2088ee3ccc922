export {
	createDonorKeys,
	type DonorClaim,
	donorId,
	type DonorProof,
	donorStatement,
	proveDonor,
	publicDonorKey,
	verifyDonor,
} from "./donor-identity.js";
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
