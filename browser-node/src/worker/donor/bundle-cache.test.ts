import { describe, expect, it } from "vitest";
import { BundleCache, type CodeStore } from "./bundle-cache.js";

function memory(): CodeStore & { readonly values: Map<string, unknown> } {
	const values = new Map<string, unknown>();
	return {
		values,
		get: async (key) => values.get(key),
		set: async (key, value) => void values.set(key, value),
		del: async (key) => void values.delete(key),
	};
}

const denied = async () => {
	throw new Error("denied");
};

/** A cache of 100 bytes whose time goes on by one with each look. */
async function open(store: CodeStore | undefined) {
	let now = 0;
	const cache = new BundleCache(store, 100, () => (now += 1));
	await cache.open();
	return cache;
}

const code = (bytes: number) => new ArrayBuffer(bytes);

describe("the cache of bundles", () => {
	it("keeps code from one visit to the next", async () => {
		const store = memory();
		await (await open(store)).write("a", code(10));
		const cache = await open(store);
		expect(cache.has("a")).toBe(true);
		expect((await cache.read("a"))?.byteLength).toBe(10);
	});

	it("makes room by what was not used for longest", async () => {
		const store = memory();
		const cache = await open(store);
		await cache.write("a", code(40));
		await cache.write("b", code(40));
		await cache.read("a");
		await cache.write("c", code(40));
		expect(["a", "b", "c"].map((each) => cache.has(each))).toEqual([
			true,
			false,
			true,
		]);
		expect([...store.values.keys()].sort()).toEqual(["a", "c", "index"]);
	});

	it("does not keep what is larger than all of it", async () => {
		const cache = await open(memory());
		await cache.write("a", code(101));
		expect(cache.has("a")).toBe(false);
	});

	it("forgets what the browser has thrown away, and an index that is none", async () => {
		const store = memory();
		const cache = await open(store);
		await cache.write("a", code(10));
		store.values.delete("a");
		expect(await cache.read("a")).toBeUndefined();
		expect(cache.has("a")).toBe(false);
		store.values.set("index", [{ sha256: 5 }]);
		expect((await open(store)).has("a")).toBe(false);
	});

	it("keeps nothing, and fails nowhere, where storage is denied", async () => {
		for (const store of [
			undefined,
			{ get: denied, set: denied, del: denied },
		]) {
			const cache = await open(store);
			await cache.write("a", code(10));
			expect(cache.has("a")).toBe(false);
			expect(await cache.read("a")).toBeUndefined();
		}
	});
});
