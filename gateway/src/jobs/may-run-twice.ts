import type { CallTarget } from "@easyremote/shared/caller";
import type { ProviderAnswer } from "../registry/registry.js";

/** Whether a function says, wherever it is offered, that running it twice does no harm. Where nobody is, nobody says so. */
export function mayRunTwice(
	target: CallTarget,
	{ providers }: Pick<ProviderAnswer, "providers">,
): boolean {
	const offers = providers.flatMap(({ functions }) =>
		functions.filter(({ name }) => name === target.function),
	);
	return offers.length > 0 && offers.every(({ idempotent }) => idempotent);
}
