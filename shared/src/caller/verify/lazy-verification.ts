import { loadCode } from "../../errors/load-code.js";
import type { Provider } from "../../protocol/provider.js";
import type { CheckedRun, startVerification } from "./start-verification.js";
import type { Verification } from "./verification.js";

let loaded: typeof startVerification | undefined;

/** Whether a call may have its answer compared there whose code is still to be fetched: see `loadVerification`. */
export function lacksVerification(
	{ donor }: Provider,
	quorum: number,
): boolean {
	return !loaded && (quorum > 1 || donor?.trusted === false);
}

/** Fetches the code that compares answers: calls to trusted nodes never need it. Rejects with UNAVAILABLE. */
export async function loadVerification(): Promise<void> {
	const code = await loadCode(
		"the comparison of answers",
		() => import("./start-verification.js"),
	);
	loaded = code.startVerification;
}

/** As `startVerification`; undefined as long as no call has needed its code. */
export function beginVerification(run: CheckedRun): Verification | undefined {
	return loaded?.(run);
}
