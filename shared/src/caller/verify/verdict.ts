/** What a caller found when it compared a result of a donor's with others'. */
export interface Verdict {
	readonly nodeId: string;
	/** As it is called there. */
	readonly function: string;
	/** Whether most came to the same. */
	readonly valid: boolean;
}

/** How well an answer is borne out. */
export interface Agreement {
	/** Nodes that answered. */
	readonly answers: number;
	/** How many of them gave this answer. */
	readonly agreed: number;
}
