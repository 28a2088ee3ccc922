import { expect, it } from "vitest";
import { createApiKey, parseApiKey } from "./api-key.js";

it("makes keys of the documented form, each another", () => {
	const made = createApiKey();
	expect(made.key).toMatch(/^er_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
	expect(parseApiKey(made.key)).toEqual(made);
	expect(createApiKey().key).not.toBe(made.key);
});

it.each([
	"",
	"er_",
	"er_abcdefgh_short",
	`er_abcdefg_${"a".repeat(43)}`,
	`ER_abcdefgh_${"a".repeat(43)}`,
	`er_abcdefgh_${"a".repeat(43)}\n`,
])("does not take %j for a key", (text) => {
	expect(parseApiKey(text)).toBeUndefined();
});
