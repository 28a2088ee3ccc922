import { isIPv4 } from "node:net";

/** An IP address without what only its notation adds: IPv4 in IPv6 form becomes IPv4, an interface's name goes. */
export function plainAddress(address: string): string {
	const [bare = ""] = address.split("%", 1);
	const inner = bare.replace(/^::ffff:/i, "");
	return isIPv4(inner) ? inner : bare;
}
