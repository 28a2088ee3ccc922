import { isIPv6 } from "node:net";
import type { IceServer } from "@easyremote/shared/protocol";
import { isLoopbackHostname } from "../auth/loopback.js";
import type { GatewaySettings } from "../config/gateway-options.js";

/** The built-in responder, as it is bound. */
interface BoundResponder {
	readonly address: string;
	readonly port: number;
}

/**
 * The ICE servers a peer is told of. The built-in STUN responder is where the peer found the gateway: at the host
 * that its request named.
 */
export function iceServersFor(
	ice: GatewaySettings["ice"],
	builtin: BoundResponder | undefined,
	host: string | undefined,
): IceServer[] {
	const servers: IceServer[] = [];
	if (ice.stun === "builtin") {
		if (builtin)
			servers.push({
				urls: `stun:${reachableHost(builtin.address, host)}:${builtin.port}`,
			});
	} else if (ice.stun !== false) servers.push({ urls: ice.stun });
	if (ice.turn) servers.push(ice.turn);
	return servers;
}

/** A loopback name may lead to ::1 as well, where nobody answers: the address itself does not. */
function reachableHost(bound: string, host: string | undefined): string {
	const url = `http://${host ?? ""}`;
	const named =
		host !== undefined && URL.canParse(url) ? new URL(url).hostname : "";
	const wildcard = bound === "0.0.0.0" || bound === "::";
	if (named === "" || (isLoopbackHostname(named) && !wildcard))
		return bracketed(bound);
	return named === "localhost" ? "127.0.0.1" : named;
}

function bracketed(address: string): string {
	return isIPv6(address) ? `[${address}]` : address;
}
