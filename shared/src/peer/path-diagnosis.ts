import {
	type CandidateCounts,
	describeCandidates,
} from "./candidate-counts.js";
import {
	iceServerAddress,
	type IceServerReport,
	isTurn,
} from "./ice-server-report.js";

/** How an attempt at a direct path came to its end. */
export type AttemptEnd =
	/** Time ran out. */
	| { readonly kind: "timeout" }
	/** ICE gave up. */
	| { readonly kind: "ice_failed" }
	/** All interfaces were asked, and none gave a candidate. */
	| { readonly kind: "no_candidates" }
	/** An offer or answer was not accepted by WebRTC. */
	| { readonly kind: "description_refused"; readonly message: string }
	/** WebRTC itself is missing or failed. */
	| { readonly kind: "failed"; readonly message: string };

/** What an attempt has seen so far. Plain data: it crosses from a page to its Worker. */
export interface AttemptFacts {
	readonly initiator: boolean;
	/** Whether the far end's offer or answer came. */
	readonly described: boolean;
	/** Whether this side hides its own addresses (`iceTransportPolicy: "relay"`). */
	readonly relayOnly: boolean;
	/** Candidates of either side. */
	readonly local: CandidateCounts;
	readonly remote: CandidateCounts;
	/** Servers that were asked, and which of them answered. */
	readonly servers: readonly IceServerReport[];
	/** How long it has been going, ms. */
	readonly ms: number;
}

/** Why there is no direct path, and what would help, each in a line for people. */
export interface PathTrouble {
	readonly reason: string;
	/** Undefined where nothing can be done but try again. */
	readonly fix: string | undefined;
}

/** Says why an attempt came to nothing. Pure. */
export function explainNoPath(
	end: AttemptEnd,
	facts: AttemptFacts,
): PathTrouble {
	switch (end.kind) {
		case "failed":
			return { reason: `WebRTC failed here: ${end.message}`, fix: undefined };
		case "description_refused":
			return {
				reason: `WebRTC did not accept what the far end offered: ${end.message}`,
				fix: "update the older of the two sides",
			};
		case "no_candidates":
			if (facts.relayOnly) return explainHidden(facts, true);
			return {
				reason:
					"this side found no ICE candidates: WebRTC is blocked here, or no network interface and no STUN or TURN server may be used",
				fix: "allow WebRTC and UDP on this machine, or configure a TURN server at the gateway",
			};
		case "timeout":
		case "ice_failed": {
			const { reason, fix } = explainChecks(facts);
			return { reason: `${reason} (${seen(facts)})`, fix };
		}
		default:
			return end satisfies never;
	}
}

/** What an attempt saw that the far end gave up. Its own words are told beside this, and trusted less. */
export function explainGivenUp(facts: AttemptFacts | undefined): PathTrouble {
	if (!facts?.described) {
		return { reason: "the far end gave the attempt up", fix: undefined };
	}
	return explainNoPath({ kind: "ice_failed" }, facts);
}

function explainChecks(facts: AttemptFacts): PathTrouble {
	const within = ` within ${seconds(facts.ms)}`;
	if (!facts.described) {
		return {
			reason: facts.initiator
				? `the far end did not answer the offer of a direct path${within}`
				: `the far end's offer of a direct path did not arrive${within}`,
			fix: "see whether the far end is overloaded: another attempt follows by itself",
		};
	}
	if (isNone(facts.remote)) {
		return {
			reason: `the far end offered no ICE candidates${within}: WebRTC may be blocked there`,
			fix: "allow WebRTC and UDP on the far end's machine, or configure a TURN server at the gateway",
		};
	}
	if (facts.relayOnly && facts.local.relay === undefined)
		return explainHidden(facts, false);
	if (facts.local.relay !== undefined || facts.remote.relay !== undefined) {
		return {
			reason: `no pair of addresses connected${within}, not even by TURN`,
			fix: "check that both sides reach the TURN server, the UDP ports it relays on included",
		};
	}
	return (
		explainRefusal(facts, `no pair of addresses connected${within}`) ??
		explainAddresses(facts, within)
	);
}

/** Where a server answered that it will not, its word counts: nothing else would have helped. */
function explainRefusal(
	{ servers }: AttemptFacts,
	outcome: string,
): PathTrouble | undefined {
	const refused = servers.find(
		({ answered, error }) => answered === true && error !== undefined,
	);
	return (
		refused && {
			reason: `${outcome}, and ${refused.url} refused: ${refused.error ?? ""}`,
			fix: `check the credentials that the gateway hands out for ${refused.url}`,
		}
	);
}

/** This side offers relayed addresses only, and has none. `gathered`: every server has been asked, to the end. */
function explainHidden(facts: AttemptFacts, gathered: boolean): PathTrouble {
	const hidden =
		'this side hides its addresses (iceTransportPolicy "relay") and has no relayed one';
	const turns = facts.servers.filter(({ url }) => isTurn(url));
	if (turns.length === 0) {
		return {
			reason: `${hidden}: there are no ICE candidates without a TURN server`,
			fix: 'configure a TURN server at the gateway (ice.turn), or allow iceTransportPolicy "all"',
		};
	}
	const refused = explainRefusal(facts, hidden);
	if (refused) return refused;
	if (gathered) return explainNoRelay(turns, hidden);
	return {
		reason: `${hidden}: no answer from ${urlsOf(turns)} in ${seconds(facts.ms)}`,
		fix: `${openTo(turns)}, and check the credentials of the TURN server`,
	};
}

/** A server that refuses and one that is not there look the same where the implementation does not say. */
function explainNoRelay(
	turns: readonly IceServerReport[],
	outcome: string,
): PathTrouble {
	return {
		reason: `${outcome}: ${urlsOf(turns)} gave none, so it refuses the credentials or is out of reach`,
		fix: `check that the gateway (ice.turn) has the server's own secret, and ${openTo(turns)}; easyremote doctor tells which`,
	};
}

/** Neither side has a relayed candidate: the addresses they know of themselves decide. */
function explainAddresses(facts: AttemptFacts, within: string): PathTrouble {
	if (facts.servers.length === 0) {
		return {
			reason: `no pair of addresses connected${within}, and only local ones were known`,
			fix: "configure a STUN or TURN server at the gateway (ice.stun, ice.turn)",
		};
	}
	const silent = facts.servers.filter(({ answered }) => answered === false);
	if (silent.length === facts.servers.length) {
		return {
			reason: `no UDP answer from ${urlsOf(silent)} in ${seconds(facts.ms)}: UDP looks blocked here`,
			fix: `${openTo(silent)}, or configure a TURN server on a port that is open (pages also speak TURN over TLS)`,
		};
	}
	const turns = facts.servers.filter(({ url }) => isTurn(url));
	if (turns.length > 0) {
		return explainNoRelay(
			turns,
			`no pair of addresses connected${within}, and neither side has a relayed one`,
		);
	}
	if (facts.local.srflx === undefined && facts.remote.srflx === undefined) {
		return {
			reason: `no pair of addresses connected${within}, and no side learned of others than its own: a firewall looks to block UDP between them`,
			fix: "open UDP between both sides, or configure a TURN server at the gateway (ice.turn)",
		};
	}
	if (facts.remote.srflx === undefined) {
		return {
			reason: `no pair of addresses connected${within}: the far end knows only its local ones, so UDP looks blocked there`,
			fix: `${openTo(facts.servers)} for the far end, or configure a TURN server`,
		};
	}
	return {
		reason: `no pair of addresses connected${within}: a symmetric NAT or a firewall stands between`,
		fix: "configure a TURN server at the gateway (ice.turn), or open UDP on one side",
	};
}

/** "open 3478/udp to stun.example.com", for the first server that can be read. */
function openTo(servers: readonly IceServerReport[]): string {
	const plain = servers.find(({ url }) => !isTurn(url)) ?? servers[0];
	const address = plain && iceServerAddress(plain.url);
	return address
		? `open ${address.port}/udp to ${address.host}`
		: "open UDP to the STUN server";
}

function urlsOf(servers: readonly IceServerReport[]): string {
	return servers.map(({ url }) => url).join(", ");
}

function seen(facts: AttemptFacts): string {
	return `candidates here: ${describeCandidates(facts.local)}; there: ${describeCandidates(facts.remote)}`;
}

function isNone(counts: CandidateCounts): boolean {
	return Object.keys(counts).length === 0;
}

function seconds(ms: number): string {
	return `${Number((ms / 1000).toFixed(1))} s`;
}
