import type { CancelTimer, Clock } from "./clock.js";

/** The longest delay a platform timer takes, in ms; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function schedule(delayMs: number, task: () => void): CancelTimer {
	const timer: unknown = setTimeout(
		task,
		Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS),
	);
	// In Node.js a timer is an object that would keep the process alive; in browsers it is a number.
	if (hasUnref(timer)) timer.unref();
	return () => {
		clearTimeout(timer as ReturnType<typeof setTimeout>);
	};
}

function hasUnref(timer: unknown): timer is { unref(): void } {
	return typeof timer === "object" && timer !== null && "unref" in timer;
}

/** The platform's own time. */
export const systemClock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	schedule,
};
