/** One answer, and whose it is. */
export interface Ballot<Result> {
	/** Who answers: nobody counts twice. */
	readonly voter: string;
	readonly nodeId: string;
	readonly result: Result;
}

/** Counts equal answers to one call. */
export class BallotBox<Result, Cast extends Ballot<Result> = Ballot<Result>> {
	/** Equal answers that settle it. */
	readonly needed: number;
	readonly #same: (a: Result, b: Result) => boolean;
	/** Ballots that agree; each group is known by its first. */
	readonly #groups: Cast[][] = [];

	constructor(needed: number, same: (a: Result, b: Result) => boolean) {
		this.needed = needed;
		this.#same = same;
	}

	/** Answers at most: with more it would not be a majority that decides. */
	get most(): number {
		return 2 * this.needed - 1;
	}

	/** Answers so far. */
	get answers(): number {
		return this.#groups.reduce((sum, group) => sum + group.length, 0);
	}

	/** The largest group of equal answers; of two such, the earlier. */
	get leading(): readonly Cast[] {
		return this.#groups.reduce<readonly Cast[]>(
			(best, group) => (group.length > best.length ? group : best),
			[],
		);
	}

	/** Those who differ from the leading group. */
	get others(): readonly Cast[] {
		const { leading } = this;
		return this.#groups.filter((group) => group !== leading).flat();
	}

	/** Whether enough agree. */
	get decided(): boolean {
		return this.leading.length >= this.needed;
	}

	/** How many more answers would do if they agreed with most of those that are in. */
	get wanting(): number {
		return this.needed - this.leading.length;
	}

	/** Takes an answer in, unless its voter has given one. */
	cast(ballot: Cast): void {
		const known = this.#groups.some((group) =>
			group.some(({ voter }) => voter === ballot.voter),
		);
		if (known) return;
		const group = this.#groups.find(
			([first]) => first && this.#same(first.result, ballot.result),
		);
		if (group) group.push(ballot);
		else this.#groups.push([ballot]);
	}
}
