import { expect, it } from "vitest";
import { addressClass } from "./address-class.js";

it.each([
	["127.0.0.1", "loopback"],
	["::1", "loopback"],
	["::ffff:127.0.0.1", "loopback"],
	["10.1.2.3", "private"],
	["172.31.255.255", "private"],
	["192.168.1.1", "private"],
	["::ffff:192.168.1.1", "private"],
	["100.64.0.1", "private"],
	["169.254.1.1", "private"],
	["fd00::1", "private"],
	["fe80::1%eth0", "private"],
	["172.32.0.1", "public"],
	["203.0.113.9", "public"],
	["2001:db8::1", "public"],
	["", undefined],
	["gw.example.com", undefined],
	["999.1.1.1", undefined],
])("%s is %s", (address, expected) => {
	expect(addressClass(address)).toBe(expected);
});
