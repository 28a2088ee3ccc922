/** What the site that shows this page asks its visitors for, as the element says it in the page's address. */
export interface EmbedTerms {
	/** Share of the time that each core may be busy, 0.1–1. */
	readonly dutyCycle: number;
	readonly cores: number;
	readonly key: string | undefined;
	/** Callers may connect to this browser, and learn its network address. */
	readonly direct: boolean;
}

/** Reads them from the fragment, which no server sees. What makes no sense is as if it were not said. Pure. */
export function readTerms(fragment: string, machineCores: number): EmbedTerms {
	const said = new URLSearchParams(fragment.replace(/^#/, ""));
	const spare = Math.max(1, machineCores - 1);
	return {
		dutyCycle: share(said.get("max-cpu")),
		cores: whole(said.get("cores"), spare, machineCores),
		key: said.get("key")?.trim() || undefined,
		direct: said.has("direct"),
	};
}

/** "50%" or "50" is a half. */
function share(said: string | null): number {
	const percent = Number(/^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(said ?? "")?.[1]);
	return percent > 0 ? Math.min(1, Math.max(0.1, percent / 100)) : 1;
}

function whole(said: string | null, otherwise: number, most: number): number {
	const count = Number(said ?? Number.NaN);
	return Number.isInteger(count) && count > 0
		? Math.min(count, most)
		: otherwise;
}
