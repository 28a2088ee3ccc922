/** One call as the page lists it. */
export interface CallEntry {
	readonly id: string;
	readonly function: string;
	/** Name of who called. */
	readonly caller: string;
	readonly outcome: "running" | "done" | "failed" | "cancelled";
	/** "direct" or "relay", once known. */
	readonly path?: string | undefined;
	/** Time the function ran, ms, once it has ended. */
	readonly runMs?: number | undefined;
}

/** Puts a call's news into the list: newest call first, one row a call, at most `length` rows. */
export function updateCallLog(
	log: readonly CallEntry[],
	entry: CallEntry,
	length = 12,
): readonly CallEntry[] {
	const index = log.findIndex(({ id }) => id === entry.id);
	if (index >= 0) return log.with(index, entry);
	return [entry, ...log].slice(0, length);
}
