/** How long the donor of the page before this one may take to be gone, ms. */
const PATIENCE_MS = 2_000;

/**
 * Makes this tab the one donor of its browser profile: two would give twice what their owner chose. The answer gives that up;
 * undefined where another tab is it. Where there are no Web Locks, or none for this page (storage denied to frames of other
 * sites), there counts as being one tab.
 */
export async function becomeSoleDonor(): Promise<(() => void) | undefined> {
	const locks = (navigator as Partial<Navigator>).locks;
	if (!locks) return () => undefined;
	const signal = AbortSignal.timeout(PATIENCE_MS);
	return new Promise((resolve) => {
		locks
			.request(
				"easyremote-donor",
				{ signal },
				() => new Promise<void>((release) => resolve(release)),
			)
			.catch(() => resolve(signal.aborted ? undefined : () => undefined));
	});
}
