/** How an attempt at a direct path came to its end. */
export type AttemptEnd =
	/** Time ran out. */
	| { readonly kind: "timeout"; readonly timeoutMs: number }
	/** ICE gave up. */
	| { readonly kind: "ice_failed" }
	/** All interfaces were asked, and none gave a candidate. */
	| { readonly kind: "no_candidates" }
	/** An offer or answer was not accepted by WebRTC. */
	| { readonly kind: "description_refused"; readonly message: string }
	/** WebRTC itself is missing or failed. */
	| { readonly kind: "failed"; readonly message: string };

/** What an attempt saw until then. */
export interface AttemptFacts {
	readonly initiator: boolean;
	/** Whether the far end's offer or answer came. */
	readonly described: boolean;
	/** Types of the candidates of either side, one entry each. */
	readonly local: readonly string[];
	readonly remote: readonly string[];
	readonly iceServers: number;
}

/** One line for people: why there is no direct path, and what would help. */
export function explainNoPath(end: AttemptEnd, facts: AttemptFacts): string {
	switch (end.kind) {
		case "failed":
			return `WebRTC failed here: ${end.message}`;
		case "description_refused":
			return `WebRTC did not accept what the far end offered: ${end.message}`;
		case "no_candidates":
			return "this side found no ICE candidates: WebRTC is blocked here, or no network interface and no STUN or TURN server may be used";
		case "timeout":
		case "ice_failed":
			return `${explainChecks(end, facts)} (${seen(facts)})`;
		default:
			return end satisfies never;
	}
}

function explainChecks(
	end: { readonly kind: "timeout" | "ice_failed"; readonly timeoutMs?: number },
	facts: AttemptFacts,
): string {
	const within =
		end.timeoutMs === undefined ? "" : ` within ${end.timeoutMs / 1000} s`;
	if (!facts.described) {
		return facts.initiator
			? `the far end did not answer the offer of a direct path${within}`
			: `the far end's offer of a direct path did not arrive${within}`;
	}
	if (facts.remote.length === 0) {
		return `the far end offered no ICE candidates${within}: WebRTC may be blocked there`;
	}
	if (facts.local.includes("relay") || facts.remote.includes("relay")) {
		return `no pair of addresses connected${within}, not even by TURN: check that the TURN server is reachable from both sides`;
	}
	if (facts.local.includes("srflx") && facts.remote.includes("srflx")) {
		return `no pair of addresses connected${within}: a symmetric NAT or a firewall stands between; a TURN server would help`;
	}
	return facts.iceServers === 0
		? `no pair of addresses connected${within}, and only local ones were known: configure a STUN or TURN server`
		: `no pair of addresses connected${within}: the STUN server was not reached from ${sideWithoutStun(facts)}, UDP may be blocked; a TURN server over TLS would help`;
}

function sideWithoutStun(facts: AttemptFacts): string {
	if (facts.local.includes("srflx")) return "the far end";
	return facts.remote.includes("srflx") ? "this side" : "either side";
}

function seen(facts: AttemptFacts): string {
	return `candidates here: ${count(facts.local)}; there: ${count(facts.remote)}`;
}

function count(types: readonly string[]): string {
	const counts = new Map<string, number>();
	for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
	const parts = [...counts].map(([type, number]) => `${number} ${type}`);
	return parts.length === 0 ? "none" : parts.join(", ");
}
