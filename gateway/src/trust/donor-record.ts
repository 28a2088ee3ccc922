import * as v from "valibot";

/** Bad votes that put a donor into quarantine. */
const MOST_BAD = 3;
/** Principals whose votes are remembered of one donor; those heard of longest ago are forgotten. */
const MOST_PRINCIPALS = 64;

/** Whose verdict it is: of the gateway itself or an admin, or else of one principal. */
export type Judge = "everybody" | { readonly principal: string };

/** What a donor is to one principal. */
export interface Standing {
	/** Valid results in a row. */
	readonly validInRow: number;
	/** It is given no calls. */
	readonly quarantined: boolean;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const votes = v.object({
	validInRow: count,
	bad: count,
	/** Until when it is in quarantine for them, ms since the epoch. */
	until: v.optional(v.number()),
});

/** A record as it is stored. */
export const storedRecord = v.object({
	/** Votes that count for everybody. */
	everybody: v.object({ ...votes.entries, valid: count }),
	/** Votes of single principals, by id; the one heard of last comes last. */
	principals: v.array(
		v.object({
			id: v.string(),
			...votes.entries,
			/** How many valid results everybody had seen at its latest bad vote: those before it no longer count for it. */
			since: count,
		}),
	),
});

export type StoredRecord = v.InferOutput<typeof storedRecord>;
type Everybody = StoredRecord["everybody"];
type Voter = StoredRecord["principals"][number];

/** What was found of one donor's results, by whom, and what follows for whom. */
export class DonorRecord {
	readonly #quarantineMs: number;
	#everybody: Everybody;
	#principals: Map<string, Voter>;

	constructor(quarantineMs: number, stored?: StoredRecord) {
		this.#quarantineMs = quarantineMs;
		this.#everybody = stored ? { ...stored.everybody } : nothingKnown();
		this.#principals = new Map(
			stored?.principals.map((voter) => [voter.id, { ...voter }]),
		);
	}

	/** Until when it is in quarantine for everybody, ms since the epoch. */
	quarantinedUntil(now: number): number | undefined {
		this.#release(now);
		return this.#everybody.until;
	}

	/** Whether anybody is to be spared it now. */
	confined(now: number): boolean {
		this.#release(now);
		return [this.#everybody, ...this.#principals.values()].some(
			({ until }) => until !== undefined,
		);
	}

	/** What it is to a principal; without one, to those of whom nothing is known. */
	standing(principal: string | undefined, now: number): Standing {
		this.#release(now);
		const everybody = this.#everybody;
		const voter =
			principal === undefined ? undefined : this.#principals.get(principal);
		const shared = voter
			? Math.min(everybody.validInRow, everybody.valid - voter.since)
			: everybody.validInRow;
		return {
			validInRow: shared + (voter?.validInRow ?? 0),
			quarantined: (everybody.until ?? voter?.until) !== undefined,
		};
	}

	/** Takes a verdict. In quarantine none counts: the calls were made before. */
	judge(judge: Judge, valid: boolean, now: number): void {
		this.#release(now);
		if (this.#everybody.until !== undefined) return;
		if (judge === "everybody") this.#judgeForAll(valid);
		else this.#judgeForOne(judge.principal, valid, now);
		if (!valid && this.#badForAll()) this.#everybody.until = this.#end(now);
	}

	stored(): StoredRecord {
		return {
			everybody: this.#everybody,
			principals: [...this.#principals.values()],
		};
	}

	#judgeForAll(valid: boolean): void {
		const everybody = this.#everybody;
		tally(everybody, valid);
		if (valid) everybody.valid += 1;
	}

	#judgeForOne(principal: string, valid: boolean, now: number): void {
		const voter = this.#voter(principal);
		if (voter.until !== undefined) return;
		tally(voter, valid);
		if (valid) return;
		voter.since = this.#everybody.valid;
		if (voter.bad >= MOST_BAD) voter.until = this.#end(now);
	}

	/** Three bad votes, by the gateway or an admin, or by two principals or more: one alone might mean it ill. */
	#badForAll(): boolean {
		if (this.#everybody.bad >= MOST_BAD) return true;
		const accusers = [this.#everybody, ...this.#principals.values()].filter(
			({ bad }) => bad > 0,
		);
		const bad = accusers.reduce((sum, each) => sum + each.bad, 0);
		return accusers.length > 1 && bad >= MOST_BAD;
	}

	#voter(id: string): Voter {
		const known = this.#principals.get(id);
		this.#principals.delete(id);
		const voter = known ?? { id, validInRow: 0, bad: 0, since: 0 };
		this.#principals.set(id, voter);
		const [oldest] = this.#principals.keys();
		if (this.#principals.size > MOST_PRINCIPALS && oldest !== undefined)
			this.#principals.delete(oldest);
		return voter;
	}

	#end(now: number): number {
		return now + this.#quarantineMs;
	}

	/** Whoever has been in quarantine begins anew. */
	#release(now: number): void {
		const { until } = this.#everybody;
		if (until !== undefined && until <= now) {
			this.#everybody = nothingKnown();
			this.#principals.clear();
		}
		for (const voter of this.#principals.values()) {
			if (voter.until === undefined || voter.until > now) continue;
			voter.bad = 0;
			voter.until = undefined;
			voter.since = this.#everybody.valid;
		}
	}
}

function tally(
	votes: { validInRow: number; bad: number },
	valid: boolean,
): void {
	votes.validInRow = valid ? votes.validInRow + 1 : 0;
	if (!valid) votes.bad += 1;
}

function nothingKnown(): Everybody {
	return { validInRow: 0, bad: 0, valid: 0 };
}
