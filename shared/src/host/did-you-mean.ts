/** Names further apart than this share of their length are different names, not misspellings. */
const TOLERANCE = 0.4;

/** The known name that `asked` is most likely a misspelling of; undefined where none is near. */
export function didYouMean(
	asked: string,
	known: Iterable<string>,
): string | undefined {
	const lower = asked.toLowerCase();
	let best: string | undefined;
	let bestDistance = Math.floor(asked.length * TOLERANCE) + 1;
	for (const name of known) {
		if (Math.abs(name.length - asked.length) >= bestDistance) continue;
		const distance = editDistance(lower, name.toLowerCase());
		if (distance < bestDistance) {
			best = name;
			bestDistance = distance;
		}
	}
	return best;
}

/** Levenshtein distance by two rows (Wagner & Fischer, 1974). */
function editDistance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i += 1) {
		const row = [i];
		for (let j = 1; j <= b.length; j += 1) {
			const substituted =
				(previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			row.push(
				Math.min(substituted, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1),
			);
		}
		previous = row;
	}
	return previous[b.length] ?? 0;
}
