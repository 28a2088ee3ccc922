import { expect, it } from "vitest";
import { osSandbox } from "./os-sandbox.js";

it("is on, cannot be had as root, and is given up by two words only", () => {
	expect(osSandbox({ sandbox: true, force: false }, false)).toBe(true);
	expect(osSandbox({ sandbox: true, force: true }, false)).toBe(true);
	expect(() => osSandbox({ sandbox: true, force: true }, true)).toThrow(/root/);
	for (const isRoot of [false, true]) {
		expect(() => osSandbox({ sandbox: false, force: false }, isRoot)).toThrow(
			/sandbox/,
		);
		expect(osSandbox({ sandbox: false, force: true }, isRoot)).toBe(false);
	}
});
