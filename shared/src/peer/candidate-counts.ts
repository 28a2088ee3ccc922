/** The types of ICE candidates (RFC 8445 §5.1.1). */
const TYPES = ["host", "srflx", "prflx", "relay"] as const;

/** What a candidate that names no known type counts as. */
const UNKNOWN = "unknown";

/** How many ICE candidates of each type one side had; a type it had none of is left out. */
export type CandidateCounts = {
	readonly [Type in (typeof TYPES)[number] | typeof UNKNOWN]?: number;
};

/** Counts candidates by their types. What the far end calls a type is its own affair: others count as "unknown". */
export function countCandidates(types: readonly string[]): CandidateCounts {
	const counts: { -readonly [Type in keyof CandidateCounts]: number } = {};
	for (const each of types) {
		const type = TYPES.find((known) => known === each) ?? UNKNOWN;
		counts[type] = (counts[type] ?? 0) + 1;
	}
	return counts;
}

/** Counts for people: "2 host, 1 srflx", or "none". */
export function describeCandidates(counts: CandidateCounts): string {
	const parts = Object.entries(counts).map(
		([type, number]) => `${number} ${type}`,
	);
	return parts.length === 0 ? "none" : parts.join(", ");
}
