import { engineClass } from "./engine-class.js";

/** The part of User-Agent Client Hints that is asked for; TypeScript does not know of them. */
interface HintedNavigator {
	readonly userAgentData?:
		| {
				readonly brands: readonly {
					readonly brand: string;
					readonly version: string;
				}[];
				getHighEntropyValues(hints: readonly string[]): Promise<{
					readonly architecture?: string;
					readonly bitness?: string;
				}>;
		  }
		| undefined;
}

/** The class of this browser's engine. */
export async function ownEngine(): Promise<string> {
	const { userAgent } = navigator;
	const { userAgentData: data } = navigator as HintedNavigator;
	try {
		const hints = await data?.getHighEntropyValues(["architecture", "bitness"]);
		return engineClass({ userAgent, brands: data?.brands, ...hints });
	} catch {
		// The page's owner may have denied the hints.
		return engineClass({ userAgent, brands: data?.brands });
	}
}
