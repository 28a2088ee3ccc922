import { expect, it } from "vitest";
import { randomTabId, tabIdentity } from "./tab-identity.js";

it("is a valid node id", () => {
	for (let round = 0; round < 100; round += 1)
		expect(randomTabId()).toMatch(/^tab-[a-z2-9]{6}$/);
});

it("is made of the bytes given", () => {
	expect(randomTabId(() => new Uint8Array([0, 1, 2, 31, 32, 255]))).toBe(
		"tab-abc9a9",
	);
});

it("does without storage", async () => {
	expect(await tabIdentity()).toMatch(/^tab-/);
});
