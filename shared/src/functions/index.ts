export type { CallContext, CallProgress } from "./call-context.js";
export { isThenable } from "./checked-result.js";
export { collectFunctions } from "./collect-functions.js";
export { define } from "./define.js";
export { type DefinedFunction, definitionOf } from "./definition.js";
export { describeFunction } from "./describe-function.js";
export { type Duration, parseDuration } from "./duration.js";
export {
	type AnyFunction,
	type FunctionEntry,
	functionEntry,
} from "./function-entry.js";
export type {
	FunctionOptions,
	InputSchemas,
	ResourceNeeds,
} from "./function-options.js";
export { atPointer } from "./json-pointer.js";
export { type MemorySize, parseMemorySize } from "./memory-size.js";
export { listIssues, type SchemaIssue } from "./schema-issues.js";
export { type StreamIterator, streamOf } from "./stream-of.js";
export {
	type Validated,
	validateArguments,
	validateResult,
} from "./validate.js";
