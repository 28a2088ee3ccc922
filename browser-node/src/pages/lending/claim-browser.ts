import { becomeSoleDonor } from "./sole-donor.js";
import { shieldFromThrottling } from "./throttle-shield.js";

/**
 * Makes this page the one donor of its browser, and spares it the throttling of background tabs. The answer gives both up.
 * Rejects where another page lends already.
 */
export async function claimBrowser(): Promise<() => void> {
	const release = await becomeSoleDonor();
	if (!release)
		throw new Error(
			"Another tab of this browser lends it already: stop that one, or leave this one",
		);
	// A browser that does not do it may be throttled in the background; it gives less, and that is all.
	const unshield = await shieldFromThrottling().catch(() => () => undefined);
	return () => {
		unshield();
		release();
	};
}
