import * as v from "valibot";

/** What each type of candidate says about the path, from nothing to a server in between. */
const DISTANCE = ["host", "prflx", "srflx", "relay"];

const report = v.object({
	id: v.string(),
	type: v.string(),
	state: v.optional(v.string()),
	nominated: v.optional(v.boolean()),
	selectedCandidatePairId: v.optional(v.string()),
	localCandidateId: v.optional(v.string()),
	remoteCandidateId: v.optional(v.string()),
	candidateType: v.optional(v.string()),
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
	const reports = new Map<string, v.InferOutput<typeof report>>();
	try {
		(await source.getStats()).forEach((entry) => {
			const result = v.safeParse(report, entry);
			if (result.success) reports.set(result.output.id, result.output);
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
