import { type CallTarget, offeredBy } from "@easyremote/shared/caller";
import type { ProviderAnswer } from "../registry/registry.js";

/** Whether a function says, wherever it is offered, that running it twice does no harm. Where nobody is, nobody says so. */
export function mayRunTwice(
	target: CallTarget,
	{ providers }: Pick<ProviderAnswer, "providers">,
): boolean {
	const offers = providers
		.map((provider) => offeredBy(provider, target))
		.filter((offer) => offer !== undefined);
	return offers.length > 0 && offers.every(({ idempotent }) => idempotent);
}
