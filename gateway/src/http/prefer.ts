/** What a request's `Prefer` header (RFC 7240) comes to. */
export interface Preferences {
	/** Answer at once, and work afterwards. */
	readonly respondAsync: boolean;
	/** How long to wait for an answer before saying that there is none yet, ms. */
	readonly waitMs: number;
}

/** Longest wait that is honoured, ms: proxies cut connections that are silent for longer. */
const LONGEST_WAIT_MS = 60_000;

const NONE: Preferences = { respondAsync: false, waitMs: 0 };

/** Reads `Prefer`. What is not understood is ignored, as the RFC asks. */
export function readPrefer(header: string | undefined): Preferences {
	// Most requests have none, and are not to wait for this.
	if (header === undefined) return NONE;
	const wanted = header.split(",").map((part) => {
		const [preference = ""] = part.split(";", 1);
		return preference.trim().toLowerCase();
	});
	const [, seconds] =
		wanted
			.map((preference) => /^wait\s*=\s*"?(\d{1,9})"?$/.exec(preference))
			.find((found) => found !== null) ?? [];
	return {
		respondAsync: wanted.includes("respond-async"),
		waitMs: Math.min(Number(seconds ?? 0) * 1_000, LONGEST_WAIT_MS),
	};
}
