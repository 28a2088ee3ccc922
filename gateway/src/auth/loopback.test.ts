import { expect, it } from "vitest";
import { isLoopbackAddress, isLoopbackHostHeader } from "./loopback.js";

it.each(["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])(
	"%s is this machine",
	(address) => {
		expect(isLoopbackAddress(address)).toBe(true);
	},
);

it.each([
	"10.0.0.1",
	"::ffff:10.0.0.1",
	"::",
	"0.0.0.0",
	"localhost",
	"",
	"127.0.0.1.evil.example",
])("%s is not", (address) => {
	expect(isLoopbackAddress(address)).toBe(false);
});

it.each([
	"localhost",
	"localhost:8080",
	"LOCALHOST",
	"app.localhost:1",
	"127.0.0.1:8080",
	"[::1]:8080",
])("Host %s means this machine", (host) => {
	expect(isLoopbackHostHeader(host)).toBe(true);
});

it.each([
	"evil.example",
	"localhost.evil.example:8080",
	"127.0.0.1.evil.example",
	"user@evil.example",
	"",
	" ",
	"[::1",
	"10.0.0.1",
])("Host %s does not", (host) => {
	expect(isLoopbackHostHeader(host)).toBe(false);
});
