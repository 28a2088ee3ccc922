import type { AddressInfo } from "node:net";
import type { Clock } from "@easyremote/shared/time";
import { openStunResponder, type StunResponder } from "./stun-responder.js";

/**
 * The gateway's own STUN responder, on UDP beside its TCP port, so that one number opens one firewall rule for both.
 * Where the system chose the TCP port, the UDP port of that number may be somebody else's: then any will do.
 * Throws UNAVAILABLE if the port was asked for and cannot be had.
 */
export async function openBuiltinStun(
	http: AddressInfo,
	portChosen: boolean,
	clock: Clock,
): Promise<StunResponder> {
	const host = http.address;
	try {
		return await openStunResponder({ host, port: http.port, clock });
	} catch (error) {
		if (portChosen) throw error;
		return openStunResponder({ host, port: 0, clock });
	}
}
