import { describe, expect, it } from "vitest";
import { isNetwork, TrustedProxies } from "./trusted-proxies.js";

const proxies = new TrustedProxies([
	"10.0.0.0/8",
	"127.0.0.1",
	"2001:db8::/32",
]);

describe("trusts", () => {
	it.each([
		["10.1.2.3", true],
		["::ffff:10.1.2.3", true],
		["11.1.2.3", false],
		["127.0.0.1", true],
		["127.0.0.2", false],
		["2001:db8:1::5", true],
		["2001:db9::5", false],
		["", false],
		["nonsense", false],
	])("%j: %j", (address, expected) => {
		expect(proxies.trusts(address)).toBe(expected);
	});
});

describe("client", () => {
	it.each([
		["203.0.113.5", "203.0.113.5"],
		["203.0.113.5, 10.0.0.1", "203.0.113.5"],
		// What a client writes itself stands in front.
		["127.0.0.1, 203.0.113.5", "203.0.113.5"],
		["1.1.1.1, 203.0.113.5, 10.0.0.2, 10.0.0.1", "203.0.113.5"],
		["10.0.0.3, 10.0.0.1", "10.0.0.3"],
		["203.0.113.5:4711", "203.0.113.5"],
		["[2001:db9::5]:443", "2001:db9::5"],
		["2001:db9::5", "2001:db9::5"],
		["::ffff:203.0.113.5", "203.0.113.5"],
		["nonsense, 203.0.113.5", "203.0.113.5"],
	])("is found in %j", (header, address) => {
		expect(proxies.client(header, undefined)?.address).toBe(address);
	});

	it.each([undefined, "", "unknown", "203.0.113.5, unknown", "203.0.113.5,"])(
		"is not made up from %j",
		(header) => {
			expect(proxies.client(header, "https")).toBeUndefined();
		},
	);

	it.each([
		[undefined, false],
		["https", true],
		["HTTPS", true],
		["http", false],
		["https, http", false],
	])("with X-Forwarded-Proto %j is secure: %j", (header, secure) => {
		expect(proxies.client("203.0.113.5", header)?.secure).toBe(secure);
	});
});

it.each([
	["10.0.0.0/8", true],
	["10.0.0.1", true],
	["::1/128", true],
	["10.0.0.0/33", false],
	["::1/129", false],
	["10.0.0.0/", false],
	["10.0.0.0/8/8", false],
	["fe80::1%eth0", false],
	["localhost", false],
	["*", false],
])("%j is a network: %j", (text, expected) => {
	expect(isNetwork(text)).toBe(expected);
});
