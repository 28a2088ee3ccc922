import type { Provider } from "../protocol/provider.js";
import type { RoutingCandidate } from "./candidate.js";
import type { UserStrategy } from "./strategy-names.js";

/**
 * Providers in the order in which a user's strategy prefers them: asked again and again without those
 * already placed. Those it would not choose at all are left out.
 */
export function preferenceOrder(
	providers: readonly Provider[],
	strategy: UserStrategy,
): readonly Provider[] {
	let rest: readonly RoutingCandidate[] = providers.map(idleCandidate);
	const order: Provider[] = [];
	while (rest.length > 0) {
		const chosen = strategy(rest);
		if (!chosen || !rest.includes(chosen)) break;
		order.push(chosen.provider);
		rest = rest.filter((candidate) => candidate !== chosen);
	}
	return order;
}

function idleCandidate(provider: Provider, index: number): RoutingCandidate {
	return {
		provider,
		inFlight: 0,
		load: provider.load.running + provider.load.queued,
		durationMs: undefined,
		turn: -1 - index,
	};
}
