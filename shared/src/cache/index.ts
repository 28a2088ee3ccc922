export { AnswerCache } from "./answer-cache.js";
export {
	type CacheLimits,
	cacheLimits,
	DEFAULT_CACHE_LIMITS,
} from "./cache-limits.js";
export { callDigest, type CallLikeness, canDigest } from "./call-digest.js";
export { type KeptAnswer, ownValue } from "./kept-answer.js";
