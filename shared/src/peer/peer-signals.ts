import { object, optional, tagged } from "../shapes/composed.js";
import { Mismatch } from "../shapes/mismatch.js";
import { number, nullable, string } from "../shapes/shape.js";
import type { PeerSignal } from "./peer-connector.js";
import { withLead } from "./peer-part.js";

const description = { sdp: string };

const fromSimplePeer = tagged("type", {
	offer: description,
	answer: description,
	candidate: {
		candidate: object({
			candidate: string,
			sdpMid: optional(nullable(string), null),
			sdpMLineIndex: optional(nullable(number), null),
		}),
	},
});

/**
 * What simple-peer wants to tell the far end, in our words; nothing for what only matters to media.
 *
 * @param offererLeads as `PeerPart.offererLeads`
 */
export function readSimplePeerSignal(
	data: unknown,
	offererLeads = true,
): PeerSignal | undefined {
	const said = fromSimplePeer(data);
	if (said instanceof Mismatch) return undefined;
	if (said.type === "candidate") {
		// An empty candidate is "that was all", which nobody waits for.
		if (said.candidate.candidate === "") return undefined;
		return { kind: "candidate", ...said.candidate };
	}
	return { kind: "description", ...described(said, offererLeads) };
}

/**
 * The same in the words that `SimplePeer.signal` takes.
 *
 * @param offererLeads as `PeerPart.offererLeads`
 */
export function toSimplePeerSignal(
	signal: PeerSignal,
	offererLeads = true,
): unknown {
	if (signal.kind === "description") return described(signal, offererLeads);
	const { candidate, sdpMid, sdpMLineIndex } = signal;
	return { type: "candidate", candidate: { candidate, sdpMid, sdpMLineIndex } };
}

/** Both ways: a far end that writes candidates into it would get them past everything that looks at candidates. */
function described<T extends string>(
	{ type, sdp }: { readonly type: T; readonly sdp: string },
	offererLeads: boolean,
) {
	const plain = withoutCandidates(sdp);
	return {
		type,
		sdp: type === "offer" ? withLead(plain, offererLeads) : plain,
	};
}

/** Candidates found by the time of the description are in it; each is also signaled, which is the one way here. */
function withoutCandidates(sdp: string): string {
	// Lines as implementations find them: "." stops at characters that end none there.
	const lines = sdp.match(/[^\n]*\n|[^\n]+$/g) ?? [];
	return lines
		.filter((line) => !/^\s*a=(candidate:|end-of-candidates)/i.test(line))
		.join("");
}

/** Whether an SDP asks for sound or pictures, which a hostile far end might make us decode. */
export function offersMedia(sdp: string): boolean {
	return /^m=(?!application )/m.test(sdp);
}

/** The type of an ICE candidate: "host", "srflx", "prflx" or "relay" (RFC 8839 §5.1). */
export function candidateType(candidate: string): string {
	return / typ ([a-z]{1,8})\b/.exec(candidate)?.[1] ?? "unknown";
}

/** The address of an ICE candidate: IPv4, IPv6 or a name (RFC 8839 §5.1). */
export function candidateAddress(candidate: string): string {
	return candidate.split(" ")[4] ?? "";
}

/** Whether a candidate can only be reached from the machine that offers it. */
export function isLoopback(candidate: string): boolean {
	const address = candidateAddress(candidate);
	return address === "::1" || address.startsWith("127.");
}

/** Ranges of IPv4 that the internet does not route (RFC 6890): private, shared, loopback, link-local. */
const NOT_PUBLIC =
	/^(0|10|127|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168)\./;

/** Whether a candidate is a public IPv4 address of this machine itself: behind no NAT, STUN has no news for it. */
export function isPublicHost(candidate: string): boolean {
	const address = candidateAddress(candidate);
	return (
		candidateType(candidate) === "host" &&
		/^\d{1,3}(\.\d{1,3}){3}$/.test(address) &&
		!NOT_PUBLIC.test(address)
	);
}
