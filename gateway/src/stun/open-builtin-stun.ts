import type { AddressInfo } from "node:net";
import {
	openStunResponder,
	type StunResponder,
	type StunResponderOptions,
} from "./stun-responder.js";

/**
 * The gateway's own STUN responder, on UDP beside its TCP port, so that one number opens one firewall rule for both.
 * Where the system chose the TCP port, the UDP port of that number may be somebody else's: then any will do.
 * Throws UNAVAILABLE if the port was asked for and cannot be had.
 */
export async function openBuiltinStun(
	http: AddressInfo,
	portChosen: boolean,
	options: Pick<StunResponderOptions, "clock" | "limits">,
): Promise<StunResponder> {
	const host = http.address;
	try {
		return await openStunResponder({ ...options, host, port: http.port });
	} catch (error) {
		if (portChosen) throw error;
		return openStunResponder({ ...options, host, port: 0 });
	}
}
