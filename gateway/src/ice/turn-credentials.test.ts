import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { turnCredentials } from "./turn-credentials.js";

it("makes what coturn works out from its secret and the name it is given", () => {
	const { username, credential } = turnCredentials(
		"north",
		"key_1",
		1_700_000_000_900,
	);
	expect(username).toBe("1700000000:key_1");
	const theirs = createHmac("sha1", "north").update(username).digest("base64");
	expect(credential).toBe(theirs);
});
