import { createHash } from "node:crypto";
import type { BundleOffer } from "@easyremote/shared/protocol";
import { describe, expect, it } from "vitest";
import { BundleCache } from "./bundle-cache.js";
import { BundleLibrary } from "./bundle-library.js";

const CODE = "export const one = () => 1;";

function offerOf(code: string): BundleOffer {
	return {
		name: "demo",
		version: "1",
		sha256: createHash("sha256").update(code).digest("hex"),
		bytes: Buffer.byteLength(code),
		isolation: "reuse",
		publisher: "ada",
		publishedAt: 0,
		functions: [],
	};
}

/** A library whose gateway gives this text, and what was asked of it. */
async function createBench(answer: () => Response) {
	const values = new Map<string, unknown>();
	const cache = new BundleCache(
		{
			get: async (key) => values.get(key),
			set: async (key, value) => void values.set(key, value),
			del: async (key) => void values.delete(key),
		},
		1_000,
		() => 0,
	);
	await cache.open();
	const asked: string[] = [];
	const arrived: string[] = [];
	const library = new BundleLibrary({
		gateway: "https://gw.example.com",
		cache,
		fetch: async (url) => {
			asked.push(url instanceof URL ? url.href : "");
			return answer();
		},
		arrived: ({ name }) => arrived.push(name),
	});
	return { library, asked, arrived, values };
}

const text = (code: ArrayBuffer) => new TextDecoder().decode(code);

describe("the library", () => {
	it("fetches code once, however many want it, and gives each a copy", async () => {
		const { library, asked, arrived } = await createBench(
			() => new Response(CODE),
		);
		const offer = offerOf(CODE);
		const codes = await Promise.all([library.code(offer), library.code(offer)]);
		expect(codes.map(text)).toEqual([CODE, CODE]);
		expect(codes[0]).not.toBe(codes[1]);
		expect(text(await library.code(offer))).toBe(CODE);
		expect(asked).toEqual([
			`https://gw.example.com/bundles/${offer.sha256}.js`,
		]);
		expect(arrived).toEqual(["demo"]);
	});

	it("fetches anew what was changed in the cache", async () => {
		const { library, asked, values } = await createBench(
			() => new Response(CODE),
		);
		const offer = offerOf(CODE);
		await library.code(offer);
		values.set(offer.sha256, new TextEncoder().encode("evil()").buffer);
		expect(text(await library.code(offer))).toBe(CODE);
		expect(asked).toHaveLength(2);
	});

	it.each<[string, string, () => Response]>([
		["that is missing", "UNAVAILABLE", () => new Response("", { status: 404 })],
		["that is longer", "UNAVAILABLE", () => new Response(`${CODE} `)],
		["that is cut short", "UNAVAILABLE", () => new Response(CODE.slice(1))],
		[
			"that is other code",
			"INVALID_ARGUMENT",
			() => new Response("x".repeat(27)),
		],
	])(
		"refuses code %s, and tries again the next time",
		async (_what, errorCode, answer) => {
			let response = answer;
			const { library } = await createBench(() => response());
			const offer = offerOf(CODE);
			await expect(library.code(offer)).rejects.toMatchObject({
				code: errorCode,
			});
			response = () => new Response(CODE);
			expect(text(await library.code(offer))).toBe(CODE);
		},
	);
});
