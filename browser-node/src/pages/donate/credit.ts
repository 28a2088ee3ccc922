import * as v from "valibot";

const answer = v.object({
	donors: v.array(
		v.object({ id: v.string(), cpuSeconds: v.number(), validated: v.number() }),
	),
});

/** What a donor has given in all its visits. */
export interface Credit {
	readonly cpuSeconds: number;
	/** Calls whose result was found equal to others'. */
	readonly validated: number;
}

/** A donor's credit at its gateway; undefined where that knows nothing of it yet, or does not tell. */
export async function fetchCredit(
	donorId: string,
): Promise<Credit | undefined> {
	try {
		const response = await fetch(
			`/api/donors?id=${encodeURIComponent(donorId)}`,
		);
		const read = v.safeParse(answer, await response.json());
		return read.success
			? read.output.donors.find(({ id }) => id === donorId)
			: undefined;
	} catch {
		// Shown beside what this page counts itself; it may as well be missing.
		return undefined;
	}
}
