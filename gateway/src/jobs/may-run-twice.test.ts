import { expect, it } from "vitest";
import { scriptedProvider } from "../http/testing/scripted-node.js";
import { mayRunTwice } from "./may-run-twice.js";

function offers(name: string, idempotent: boolean) {
	const provider = scriptedProvider([name]);
	const functions = provider.functions.map((each) => ({ ...each, idempotent }));
	return { providers: [{ ...provider, functions }] };
}

it("goes by what nodes say of the function, whatever version of a bundle it is of", () => {
	expect(mayRunTwice({ function: "f" }, offers("f", true))).toBe(true);
	expect(mayRunTwice({ function: "f" }, offers("f", false))).toBe(false);
	expect(mayRunTwice({ function: "f" }, offers("g", true))).toBe(false);
	expect(mayRunTwice({ function: "b/f" }, offers("b@2/f", true))).toBe(true);
	expect(mayRunTwice({ function: "b/f" }, offers("b@2/f", false))).toBe(false);
	expect(mayRunTwice({ function: "b/f" }, { providers: [] })).toBe(false);
});
