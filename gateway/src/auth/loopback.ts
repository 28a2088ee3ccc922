import { isIPv4 } from "node:net";
import { plainAddress } from "./plain-address.js";

/** Whether an IP address, as a socket shows it, is this machine's own. IPv4 in IPv6 notation counts. */
export function isLoopbackAddress(address: string): boolean {
	if (address === "::1") return true;
	const plain = plainAddress(address);
	return plain.startsWith("127.") && isIPv4(plain);
}

/**
 * Whether a host name or address can only mean this machine: what a page at another name, rebound by DNS to a
 * loopback address, cannot claim (RFC 6761 §6.3 reserves `localhost` and everything below it).
 */
export function isLoopbackHostname(hostname: string): boolean {
	const name = hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1");
	return (
		name === "localhost" ||
		name.endsWith(".localhost") ||
		isLoopbackAddress(name)
	);
}

/** The same for a `Host` header, which may carry a port. */
export function isLoopbackHostHeader(host: string): boolean {
	const url = `http://${host}/`;
	return URL.canParse(url) && isLoopbackHostname(new URL(url).hostname);
}
