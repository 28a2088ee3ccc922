import { describe, expect, it } from "vitest";
import { createOriginPolicy } from "./origin-policy.js";

describe("a gateway in development mode", () => {
	const policy = createOriginPolicy([], () => true);

	it.each([
		["http://localhost:8080", "localhost:8080"],
		["http://localhost:5173", "localhost:8080"],
		["http://127.0.0.1:5173", "localhost:8080"],
		["http://[::1]:5173", "127.0.0.1:8080"],
	])("lets pages of %s in at %s", (origin, host) => {
		expect(policy.allows(origin, { host })).toBe(true);
	});

	it.each([
		["https://evil.example", "localhost:8080"],
		["http://localhost.evil.example", "localhost:8080"],
		["null", "localhost:8080"],
		["", "localhost:8080"],
		["file://", "localhost:8080"],
	])("keeps pages of %s out at %s", (origin, host) => {
		expect(policy.allows(origin, { host })).toBe(false);
	});
});

describe("a public gateway", () => {
	const policy = createOriginPolicy(["https://app.example.com"], () => false);

	it.each([
		["https://gw.example.com", "gw.example.com"],
		["https://gw.example.com", "gw.example.com:443"],
		["https://app.example.com", "gw.example.com"],
	])("lets pages of %s in at %s", (origin, host) => {
		expect(policy.allows(origin, { host })).toBe(true);
	});

	it.each([
		["http://localhost:5173", "gw.example.com"],
		["https://gw.example.com:8443", "gw.example.com"],
		["https://app.example.com.evil.example", "gw.example.com"],
		["https://evil.example", undefined],
	])("keeps pages of %s out at %s", (origin, host) => {
		expect(policy.allows(origin, { host })).toBe(false);
	});
});
