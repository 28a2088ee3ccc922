import { EasyRemoteError } from "@easyremote/shared/errors";
import type { Clock } from "@easyremote/shared/time";
import type { LiveJob } from "./live-job.js";

/** How long to wait for a job. */
export interface Patience {
	/** ms. */
	readonly waitMs: number;
	/** The one who waits has left. */
	readonly signal: AbortSignal;
	readonly clock: Clock;
	/** Whether there is any sense in waiting: not in a gateway that is about to end. */
	readonly sensible: () => boolean;
}

/** Resolves when `done`, looked at after each change, when the patience is over, or when nothing is to be waited for. */
export async function waitFor(
	job: LiveJob,
	done: () => boolean,
	{ waitMs, signal, clock, sensible }: Patience,
): Promise<void> {
	let impatient = waitMs <= 0;
	let stop: () => void = () => undefined;
	const over = new Promise<void>((resolve) => {
		const giveUp = () => {
			impatient = true;
			resolve();
		};
		const cancelTimer = clock.schedule(waitMs, giveUp);
		signal.addEventListener("abort", giveUp);
		stop = () => {
			cancelTimer();
			signal.removeEventListener("abort", giveUp);
		};
	});
	try {
		while (!done() && !impatient && !signal.aborted && sensible())
			await Promise.race([job.whenChanged(), over]);
	} finally {
		stop();
	}
}

/** What whoever waits for an answer with an idempotency key is told when it does not come. */
export function askAgain(cause: EasyRemoteError | undefined): EasyRemoteError {
	return new EasyRemoteError(
		"UNAVAILABLE",
		`the answer cannot be given yet${cause ? `: ${cause.message}` : ""}`,
		{
			hint: "Ask again with the same idempotency key: the function is not run a second time.",
			retryAfterMs: 1_000,
			cause,
		},
	);
}
