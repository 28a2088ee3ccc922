import { expect, it } from "vitest";
import { networkOf } from "./network-of.js";

it.each([
	["203.0.113.5", "203.0.113.5"],
	["2001:db8::1", "2001:db8:0:0"],
	["2001:0DB8:0:0:ffff:1:2:3", "2001:db8:0:0"],
	["2001:db8:1:2::", "2001:db8:1:2"],
	["fe80::1%eth0", "fe80:0:0:0"],
	["::ffff:203.0.113.5", "203.0.113.5"],
	["::1", "0:0:0:0"],
	["", ""],
])("%s is counted as %s", (address, network) => {
	expect(networkOf(address)).toBe(network);
});
