import { expect, it } from "vitest";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import { verdict } from "./call-outcome.js";

it.each([
	["ABORTED", true, "failed"],
	["DEADLINE_EXCEEDED", false, "failed"],
	["DEADLINE_EXCEEDED", true, "failed"],
	["UNAVAILABLE", false, "failed"],
	// A function may say so of something that it depends on.
	["UNAVAILABLE", true, "well"],
	["FUNCTION_ERROR", true, "well"],
	["INVALID_ARGUMENT", false, "well"],
	["RESOURCE_EXHAUSTED", false, "unknown"],
	["CANCELLED", true, "unknown"],
] as const)("%s, accepted %s, is %s", (code, accepted, expected) => {
	const error = new EasyRemoteError(code, "no");
	expect(verdict({ error, accepted })).toBe(expected);
});

it("is well where nothing failed", () => {
	expect(verdict({ error: undefined, accepted: true })).toBe("well");
});
