import { createDonorKeys } from "@easyremote/shared/security";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeDonor, type FakeDonorOptions } from "../support/fake-donor.js";
import { Network } from "../support/network.js";
import { publishBundle } from "../support/publish-bundle.js";
import { postJson } from "../support/rest.js";

/** Longest wait for what one side has just told the other, ms. */
const SOON = { timeout: 30_000, interval: 20 };

const square = (n: number) => n * n;
const lie = (n: number) => n * n + 1;

/** Its code is never run: donors here have functions of their own. */
const SUMS = {
	name: "sums",
	code: "export {};",
	functions: {
		square: { deterministic: "exact" },
		root: { deterministic: "engine" },
		slow: { deterministic: "none" },
	},
} as const;

let network: Network;

beforeEach(async () => {
	network = await Network.start();
	await publishBundle(network.url, SUMS);
});
afterEach(() => network.close());

async function donor(
	functions: FakeDonorOptions["functions"],
	options: Partial<FakeDonorOptions> = {},
): Promise<FakeDonor> {
	const made = await FakeDonor.start({
		gateway: network.url,
		functions,
		...options,
	});
	return network.own(made);
}

interface Credit {
	readonly id: string;
	readonly validated: number;
	readonly quarantinedUntil?: string;
}

async function credits(query = ""): Promise<readonly Credit[]> {
	const answer = await fetch(`${network.url}/api/donors${query}`);
	return ((await answer.json()) as { donors: Credit[] }).donors;
}

async function inQuarantine(): Promise<readonly string[]> {
	return (await credits())
		.filter(({ quarantinedUntil }) => quarantinedUntil !== undefined)
		.map(({ id }) => id);
}

describe("a donor that lies", () => {
	it.each(["client", "REST"])(
		"never gets its word through by %s, is found, and is given no more calls",
		async (way) => {
			const honest = [await donor({ square }), await donor({ square })];
			const liar = await donor({ square: lie });
			const remote = network.client().remote("sums/square");
			const call = async (n: number): Promise<unknown> => {
				if (way === "client") return remote(n);
				const args = { args: [n] };
				return (await postJson(network.url, "sums/square", args)).json?.[
					"result"
				];
			};
			for (let n = 0; n < 12; n += 1) expect(await call(n)).toBe(n * n);
			await vi.waitFor(async () => {
				expect(await inQuarantine()).toEqual([liar.id]);
			}, SOON);
			await vi.waitFor(async () => {
				const before = liar.ran.length;
				for (let n = 0; n < 5; n += 1) expect(await call(n)).toBe(n * n);
				expect(liar.ran.length).toBe(before);
			}, SOON);
			for (const { id } of honest) {
				const [credit] = await credits(`?id=${id}`);
				expect(credit?.validated).toBeGreaterThan(3);
			}
		},
	);

	it("is the same donor under another node id", async () => {
		for (let n = 0; n < 2; n += 1) await donor({ square });
		const keys = await createDonorKeys();
		const liar = await donor({ square: lie }, { keys });
		const remote = network.client().remote("sums/square");
		await vi.waitFor(async () => {
			for (let n = 0; n < 5; n += 1) expect(await remote(n)).toBe(n * n);
			expect(await inQuarantine()).toEqual([liar.id]);
		}, SOON);
		await liar.close();
		const again = await donor({ square: lie }, { keys });
		for (let n = 0; n < 10; n += 1) expect(await remote(n)).toBe(n * n);
		expect(again.id).toBe(liar.id);
		expect(again.ran).toEqual([]);
	});
});

describe("a donor that vanishes in mid-call", () => {
	it("leaves the call to another, at once", async () => {
		let begun = 0;
		const slow = () => {
			begun += 1;
			return begun === 1 ? new Promise(() => {}) : "done";
		};
		const donors = [await donor({ slow }), await donor({ slow })];
		const call = network.client().remote("sums/slow")();
		await vi.waitFor(() => {
			expect(begun).toBe(1);
		}, SOON);
		const vanishing = donors.find(({ ran }) => ran.length > 0);
		vanishing?.vanish();
		const { value, meta } = await call.withMeta();
		expect(value).toBe("done");
		expect(meta.attempts).toBe(2);
		expect(meta.nodeId).not.toBe(vanishing?.nodeId);
		expect(meta.totalMs).toBeLessThan(10_000);
	});
});

describe("a quarantine", () => {
	it("ends, and then the donor is compared like any other", async () => {
		await network.close();
		network = await Network.start({ donors: { quarantine: "1s" } });
		await publishBundle(network.url, SUMS);
		for (let n = 0; n < 2; n += 1) await donor({ square });
		let lying = true;
		const cured = await donor({
			square: (n: number) => (lying ? lie(n) : square(n)),
		});
		const remote = network.client().remote("sums/square");
		await vi.waitFor(async () => {
			for (let n = 0; n < 5; n += 1) expect(await remote(n)).toBe(n * n);
			expect(await inQuarantine()).toEqual([cured.id]);
		}, SOON);
		lying = false;
		await vi.waitFor(async () => {
			for (let n = 0; n < 5; n += 1) expect(await remote(n)).toBe(n * n);
			const [credit] = await credits(`?id=${cured.id}`);
			expect(credit?.validated).toBeGreaterThan(0);
		}, SOON);
	});
});

describe("donors whose engines differ in the last bit", () => {
	it("are compared with their like alone, and none is taken for a liar", async () => {
		const one = { root: () => 1.4142135623730951 };
		const other = { root: () => 1.4142135623730954 };
		for (const engine of ["chromium-156-x86_64", "firefox-140-x86_64"])
			for (let n = 0; n < 2; n += 1)
				await donor(engine.startsWith("chromium") ? one : other, { engine });
		const remote = network.client().remote("sums/root");
		for (let n = 0; n < 40; n += 1)
			expect([1.4142135623730951, 1.4142135623730954]).toContain(
				await remote(),
			);
		await vi.waitFor(async () => {
			const all = await credits();
			expect(all).toHaveLength(4);
			for (const { validated } of all) expect(validated).toBeGreaterThan(0);
		}, SOON);
		expect(await inQuarantine()).toEqual([]);
	});
});

describe("a quorum", () => {
	it("is told of by REST", async () => {
		for (let n = 0; n < 3; n += 1) await donor({ square });
		const answer = await postJson(
			network.url,
			"sums/square",
			{ args: [3] },
			{ "x-easyremote-quorum": "3" },
		);
		expect(answer.json).toEqual({ result: 9 });
		expect(answer.headers.get("x-easyremote-verified")).toBe(
			"answers=3, agreed=3",
		);
	});
});
