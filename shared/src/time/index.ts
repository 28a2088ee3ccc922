export type { CancelTimer, Clock } from "./clock.js";
export { ManualClock } from "./manual-clock.js";
export { pause } from "./pause.js";
export { systemClock } from "./system-clock.js";
export { type BucketRate, TokenBucket } from "./token-bucket.js";
