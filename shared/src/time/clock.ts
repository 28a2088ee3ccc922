/** Cancels what `Clock.schedule` planned. Calling it twice, or late, does nothing. */
export type CancelTimer = () => void;

/**
 * Where every part of the project takes its time from, so that tests can move it by hand.
 * Units are milliseconds throughout.
 */
export interface Clock {
	/** Wall time, ms since the Unix epoch: for timestamps that others read. */
	now(): number;
	/** Time that never goes backwards, ms from an arbitrary start: for measuring. */
	monotonic(): number;
	/** Runs `task` once after `delayMs`. A pending timer does not keep a Node.js process alive. */
	schedule(delayMs: number, task: () => void): CancelTimer;
}
