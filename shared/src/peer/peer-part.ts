import type { IceServer } from "../protocol/control-messages.js";
import { isTurn } from "./ice-server-report.js";

/** What depends on which end of an attempt this is, and on what it runs. */
export interface PeerPart {
	/** The servers it asks. */
	readonly iceServers: readonly IceServer[];
	/** Whether it wants the end that makes the offer to begin the DTLS handshake (RFC 8842 §5.2). */
	readonly offererLeads: boolean;
}

/** An attempt as far as its parts depend on it. */
export interface PartOptions {
	/** The far end's offer; undefined for the end that makes it. */
	readonly offer: string | undefined;
	readonly iceServers: readonly IceServer[];
	/** Whether this end offers relayed addresses only. */
	readonly hides: boolean;
	/** Whether this end runs on node-datachannel. */
	readonly onDatachannel: boolean;
}

/**
 * Who uses TURN, and who begins the DTLS handshake: mostly whoever makes the offer, for whom the other end is then ready.
 *
 * A path needs one relay. Two of libjuice take half a second to find to each other instead of a few ms, and over one of
 * its own libdatachannel 0.24 as the DTLS server now and then stands still for good, and its process with it (its pull
 * request 1630). So an end on node-datachannel that answers leaves TURN to the end that calls. Where one of them hides
 * behind relays it needs one of its own: then it begins the handshake, and leaves that risk to the end that calls. An
 * offer from node-datachannel that leaves the beginning open says that its maker hides.
 */
export function peerPart(options: PartOptions): PeerPart {
	const { offer, iceServers, hides, onDatachannel } = options;
	if (!onDatachannel) return { iceServers, offererLeads: true };
	if (offer === undefined) return { iceServers, offererLeads: !hides };
	if (hides || !leads(offer)) return { iceServers, offererLeads: false };
	return { iceServers: withoutTurn(iceServers), offererLeads: true };
}

/** The same offer, whose maker begins the handshake or leaves open who does. */
export function withLead(offer: string, offererLeads: boolean): string {
	const setup = offererLeads ? "active" : "actpass";
	return offer.replace(
		/^a=setup:(active|actpass)(?=\r?$)/gm,
		`a=setup:${setup}`,
	);
}

function leads(offer: string): boolean {
	return /^a=setup:active\r?$/m.test(offer);
}

/** Where there is nothing but TURN servers, they tell at least by which address the world knows this end (RFC 8656 §1). */
function withoutTurn(servers: readonly IceServer[]): readonly IceServer[] {
	const others = servers.flatMap(({ urls, ...rest }) => {
		const kept = [urls].flat().filter((url) => !isTurn(url));
		return kept.length > 0 ? { ...rest, urls: kept } : [];
	});
	if (others.length > 0) return others;
	const asStun = servers
		.flatMap(({ urls }) => urls)
		.filter((url) => /^turn:/i.test(url))
		.map((url) => url.replace(/^turn:/i, "stun:").replace(/\?.*$/, ""));
	return asStun.length > 0 ? [{ urls: asStun }] : [];
}
