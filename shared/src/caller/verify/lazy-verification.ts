import { LateCode } from "../../errors/late-code.js";
import type { Provider } from "../../protocol/provider.js";

/** The code that compares answers: calls to trusted nodes never need it. */
export const verifications = new LateCode(
	"the comparison of answers",
	() => import("./start-verification.js"),
);

/** Whether a call may have its answer compared there whose code is still to be fetched. */
export function lacksVerification(
	{ donor }: Provider,
	quorum: number,
): boolean {
	return !verifications.code && (quorum > 1 || donor?.trusted === false);
}
