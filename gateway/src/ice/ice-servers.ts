import { isIPv6 } from "node:net";
import type { IceServer } from "@easyremote/shared/protocol";
import { isLoopbackHostname } from "../auth/loopback.js";
import type { GatewaySettings } from "../config/gateway-options.js";
import type { IceOffer } from "./ice-terms.js";
import { turnCredentials } from "./turn-credentials.js";

/** The built-in responder, as it is bound. */
interface BoundResponder {
	readonly address: string;
	readonly port: number;
}

type IceSettings = GatewaySettings["ice"];

/** Who asks, and how it came in. */
export interface IceAsker {
	/** Named to TURN servers. */
	readonly principalId: string;
	/** The host that its request named. */
	readonly host: string | undefined;
}

/**
 * The ICE servers a peer is told of. The built-in STUN responder is where the peer found the gateway. Credentials for
 * TURN servers with a secret are the peer's own and run out; new ones are due at half of their time.
 */
export function iceServersFor(
	ice: IceSettings,
	builtin: BoundResponder | undefined,
	{ principalId, host }: IceAsker,
	nowMs: number,
): IceOffer {
	const servers: IceServer[] = [];
	if (ice.stun === "builtin") {
		if (builtin)
			servers.push({
				urls: `stun:${reachableHost(builtin.address, host)}:${builtin.port}`,
			});
	} else if (ice.stun !== false) servers.push({ urls: ice.stun });
	let renewAtMs: number | undefined;
	for (const turn of [ice.turn ?? []].flat()) {
		if (!("secret" in turn)) {
			servers.push(turn);
			continue;
		}
		const { urls, secret, ttl } = turn;
		const credentials = turnCredentials(secret, principalId, nowMs + ttl);
		servers.push({ urls, ...credentials });
		renewAtMs = Math.min(
			renewAtMs ?? Number.POSITIVE_INFINITY,
			nowMs + ttl / 2,
		);
	}
	return { servers, renewAtMs };
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
