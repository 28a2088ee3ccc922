import type { Provider } from "../protocol/provider.js";
import type { RoutingCandidate } from "./candidate.js";
import { needsOf } from "./resource-needs.js";
import type { OwnStrategy } from "./own-strategy.js";

/**
 * Providers in the order in which a user's strategy prefers them: asked again and again without those
 * already placed. Those it would not choose at all are left out. Undefined if it fails on the way.
 */
export function preferenceOrder(
	providers: readonly Provider[],
	strategy: OwnStrategy,
): readonly Provider[] | undefined {
	let rest: readonly RoutingCandidate[] = providers.map(idleCandidate);
	const order: Provider[] = [];
	while (rest.length > 0) {
		const answer = strategy.ask(rest);
		if (answer.kind === "fault") return undefined;
		if (answer.kind === "none") break;
		const { candidate } = answer;
		order.push(candidate.provider);
		rest = rest.filter((each) => each !== candidate);
	}
	return order;
}

function idleCandidate(provider: Provider, index: number): RoutingCandidate {
	return {
		provider,
		needs: needsOf(provider),
		inFlight: 0,
		load: provider.load.running + provider.load.queued,
		durationMs: undefined,
		turn: index - Number.MAX_SAFE_INTEGER,
	};
}
