import { LateCode } from "../errors/late-code.js";
import type { Provider } from "../protocol/provider.js";
import type { Choice } from "./chooser.js";
import { takesCalls } from "./eligible.js";
import type { OwnStrategy } from "./own-strategy.js";

/** The code of choosers: where one node is all there is, nobody needs it. */
export const choosers = new LateCode(
	"choosing among nodes",
	() => import("./chooser.js"),
);

/**
 * Whether choosing among these takes that code, which is still to be fetched. Somebody's own strategy is asked even about
 * one node: it may want none.
 */
export function lacksChooser(route: {
	readonly providers: readonly Provider[];
	readonly strategy: string | OwnStrategy;
}): boolean {
	if (choosers.code) return false;
	const { providers, strategy } = route;
	return (
		providers.length > 1 ||
		typeof strategy !== "string" ||
		providers.some(({ functions }) =>
			functions.some(({ resources }) => resources !== undefined),
		)
	);
}

/** What a chooser would say where there is no choice. */
export function onlyChoice(
	[provider]: readonly Provider[],
	exclude: ReadonlySet<string>,
): Choice | undefined {
	return provider && takesCalls(provider) && !exclude.has(provider.nodeId)
		? { provider, reason: "the only one" }
		: undefined;
}
