import { isIPv6 } from "node:net";
import { plainAddress } from "./plain-address.js";

/** Whoever has one IPv6 address has all that share these 16-bit groups (RFC 6177): a /64. */
const NETWORK_GROUPS = 4;

/** What to count somebody by: an IPv4 address, or the network that an IPv6 address is in. */
export function networkOf(address: string): string {
	const plain = plainAddress(address);
	if (!isIPv6(plain)) return plain;
	const [before = "", after = ""] = plain.split("::");
	const head = before.split(":").filter((group) => group !== "");
	const tail = after.split(":").filter((group) => group !== "");
	const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length));
	return [...head, ...zeros.fill("0"), ...tail]
		.slice(0, NETWORK_GROUPS)
		.map((group) => Number.parseInt(group, 16).toString(16))
		.join(":");
}
