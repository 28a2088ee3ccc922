export {
	EasyRemoteError,
	type ErrorOptions,
	isEasyRemoteError,
} from "./easyremote-error.js";
export { ERROR_CODES, type ErrorCode, isErrorCode } from "./error-codes.js";
export {
	fromWireError,
	mayRetry,
	toEasyRemoteError,
	toWireError,
	type WireError,
} from "./error-wire.js";
export { LateCode } from "./late-code.js";
export { loadCode } from "./load-code.js";
export { RemoteFunctionError } from "./remote-function-error.js";
