import { BlockList, isIP, isIPv6 } from "node:net";
import { plainAddress } from "../auth/plain-address.js";

/** Where an address can be reached from: this machine, its own network, or anywhere. */
export type AddressClass = "loopback" | "private" | "public";

const LOOPBACK = blockList([
	["127.0.0.0", 8],
	["::1", 128],
]);

/** Addresses that lead nowhere outside a network (IANA's special-purpose registries, RFC 6890). */
const PRIVATE = blockList([
	["0.0.0.0", 8],
	["10.0.0.0", 8],
	["100.64.0.0", 10],
	["169.254.0.0", 16],
	["172.16.0.0", 12],
	["192.168.0.0", 16],
	["::", 128],
	["fc00::", 7],
	["fe80::", 10],
]);

/** The class of an IP address, IPv4 in IPv6 included; undefined for text that is none. */
export function addressClass(address: string): AddressClass | undefined {
	const plain = plainAddress(address);
	const version = isIP(plain);
	if (version === 0) return undefined;
	const family = version === 6 ? "ipv6" : "ipv4";
	if (LOOPBACK.check(plain, family)) return "loopback";
	return PRIVATE.check(plain, family) ? "private" : "public";
}

function blockList(subnets: readonly (readonly [string, number])[]): BlockList {
	const list = new BlockList();
	for (const [network, prefix] of subnets)
		list.addSubnet(network, prefix, isIPv6(network) ? "ipv6" : "ipv4");
	return list;
}
