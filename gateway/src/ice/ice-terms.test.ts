import { ManualClock } from "@easyremote/shared/time";
import { expect, it } from "vitest";
import { IceTerms } from "./ice-terms.js";

it("has news once the last ones are getting old, and then not for a while", async () => {
	const clock = new ManualClock();
	let made = 0;
	const terms = new IceTerms(() => {
		made += 1;
		return {
			servers: [{ urls: `turn:${made}.example.com` }],
			renewAtMs: clock.now() + 30_000,
		};
	}, clock);
	expect(terms.servers).toEqual([{ urls: "turn:1.example.com" }]);
	await clock.advance(29_999);
	expect(terms.renewed()).toBeUndefined();
	await clock.advance(1);
	expect(terms.renewed()).toEqual([{ urls: "turn:2.example.com" }]);
	expect(terms.renewed()).toBeUndefined();
});

it("has none where nothing runs out", async () => {
	const clock = new ManualClock();
	const terms = new IceTerms(() => ({ servers: [] }), clock);
	await clock.advance(1e9);
	expect(terms.renewed()).toBeUndefined();
});
