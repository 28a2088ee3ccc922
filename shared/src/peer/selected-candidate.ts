import { object, optional } from "../shapes/composed.js";
import { Mismatch } from "../shapes/mismatch.js";
import { boolean, type Shaped, string } from "../shapes/shape.js";

/** What each type of candidate says about the path, from nothing to a server in between. */
const DISTANCE = ["host", "prflx", "srflx", "relay"];

const report = object({
	id: string,
	type: string,
	state: optional(string),
	nominated: optional(boolean),
	selectedCandidatePairId: optional(string),
	localCandidateId: optional(string),
	remoteCandidateId: optional(string),
	candidateType: optional(string),
});

/** The part of an `RTCPeerConnection` that this needs. */
interface StatsSource {
	getStats(): Promise<{ forEach(visit: (report: unknown) => void): void }>;
}

/**
 * The type of the candidate pair in use: that of its end which is farther from a plain connection.
 * A far end that is "prflx" counts as plain: it was merely heard from before it was introduced,
 * as is usual on one machine or network. "unknown" where the statistics do not say.
 */
export async function selectedCandidate(source: StatsSource): Promise<string> {
	const reports = new Map<string, Shaped<typeof report>>();
	try {
		(await source.getStats()).forEach((entry) => {
			const read = report(entry);
			if (!(read instanceof Mismatch)) reports.set(read.id, read);
		});
	} catch {
		// The connection may just have closed; then its end is reported elsewhere.
		return "unknown";
	}
	const all = [...reports.values()];
	const transport = all.find((one) => one.selectedCandidatePairId);
	const pair =
		reports.get(transport?.selectedCandidatePairId ?? "") ??
		all.find((one) => one.nominated === true && one.state === "succeeded");
	const local = reports.get(pair?.localCandidateId ?? "")?.candidateType ?? "";
	const remote =
		reports.get(pair?.remoteCandidateId ?? "")?.candidateType ?? "";
	const farthest = Math.max(
		DISTANCE.indexOf(local),
		DISTANCE.indexOf(remote === "prflx" ? "host" : remote),
	);
	return DISTANCE[farthest] ?? "unknown";
}
