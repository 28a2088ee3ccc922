import { describe, expect, it } from "vitest";
import { cacheHeaders, wantsFresh } from "./cache-headers.js";

describe("wantsFresh", () => {
	it.each([
		"no-cache",
		"No-Store",
		"max-age=0",
		"private, no-cache",
		"no-cache,x",
	])("is what “%s” asks for", (header) => {
		expect(wantsFresh(header)).toBe(true);
	});

	it.each([undefined, "", "max-age=60", "only-if-cached", "no-cachet"])(
		"is not what “%s” asks for",
		(header) => {
			expect(wantsFresh(header)).toBe(false);
		},
	);
});

describe("cacheHeaders", () => {
	it("say hit or miss where the function keeps its answers, else nothing", () => {
		expect(cacheHeaders({ cached: true, freshMs: 10 })).toEqual({
			"x-easyremote-cache": "hit",
		});
		expect(cacheHeaders({ cached: false, freshMs: 0 })).toEqual({
			"x-easyremote-cache": "miss",
		});
		expect(cacheHeaders({ cached: false })).toEqual({});
	});
});
