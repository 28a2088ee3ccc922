import { describe, expect, it } from "vitest";
import { encodeValue } from "../codec/value-codec.js";
import { ManualClock } from "../time/manual-clock.js";
import { AnswerCache } from "./answer-cache.js";
import { cacheLimits, DEFAULT_CACHE_LIMITS } from "./cache-limits.js";

function fixture(limits = {}) {
	const clock = new ManualClock(0);
	const cache = new AnswerCache(cacheLimits(limits), clock);
	const put = (key: string, value: unknown, ttlMs = 1_000) =>
		cache.put(key, {
			value: encodeValue(value),
			expiresAt: clock.monotonic() + ttlMs,
			runMs: 1,
		});
	return { cache, clock, put };
}

describe("AnswerCache", () => {
	it("keeps an answer until it expires", async () => {
		const { cache, clock, put } = fixture();
		expect(put("a", 1)).toBe(true);
		await clock.advance(999);
		expect(cache.get("a")?.value).toEqual(encodeValue(1));
		await clock.advance(1);
		expect(cache.get("a")).toBeUndefined();
		expect([cache.size, cache.bytes]).toEqual([0, 0]);
	});

	it("lets go of what was not used for longest when there are too many", () => {
		const { cache, put } = fixture({ maxEntries: 2 });
		put("a", 1);
		put("b", 2);
		cache.get("a");
		put("c", 3);
		expect(["a", "b", "c"].filter((key) => cache.get(key))).toEqual(["a", "c"]);
	});

	it("lets go of it when they take too many bytes", () => {
		const { cache, put } = fixture({ maxBytes: 3_000 });
		for (const key of ["a", "b", "c"]) put(key, "x".repeat(1_000));
		expect(cache.get("a")).toBeUndefined();
		expect(cache.get("c")).toBeDefined();
		expect(cache.bytes).toBeLessThanOrEqual(3_000);
	});

	it("does not keep an answer that is too large, nor the one it would have replaced", () => {
		const { cache, put } = fixture({ maxAnswerBytes: 1_000 });
		put("a", "small");
		expect(put("a", "x".repeat(1_000))).toBe(false);
		expect(cache.get("a")).toBeUndefined();
	});

	it("keeps a copy, which does not change with what the function gave", () => {
		const { cache } = fixture();
		const body = new Uint8Array([1, 2, 3]);
		const attachment = new Uint8Array([4, 5]);
		const value = { format: "bytes", body, attachments: [attachment] } as const;
		cache.put("a", { value, expiresAt: 1, runMs: 0 });
		body.fill(0);
		attachment.fill(0);
		expect(cache.get("a")?.value).toMatchObject({
			body: new Uint8Array([1, 2, 3]),
			attachments: [new Uint8Array([4, 5])],
		});
	});
});

describe("cacheLimits", () => {
	it("fills up what is not given", () => {
		expect(cacheLimits({ maxEntries: 5 })).toEqual({
			...DEFAULT_CACHE_LIMITS,
			maxEntries: 5,
		});
	});

	it.each<[Record<string, number>, string]>([
		[{ maxEntries: 0 }, "maxEntries"],
		[{ maxBytes: 1.5 }, "maxBytes"],
		[{ maxItems: 1 }, "maxItems"],
	])("refuses %o, and names what is wrong", (limits, name) => {
		expect(() => cacheLimits(limits)).toThrow(name);
	});
});
