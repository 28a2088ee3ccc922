import { beforeAll, describe, expect, it } from "vitest";
import {
	createDonorKeys,
	donorId,
	type DonorProof,
	proveDonor,
	publicDonorKey,
	verifyDonor,
} from "./donor-identity.js";

const NOW = 1_800_000_000_000;
const claim = { host: "gw.example.com", nodeId: "tab-abc", instance: "i1" };

let keys: CryptoKeyPair;
let proof: DonorProof;
beforeAll(async () => {
	keys = await createDonorKeys();
	proof = await proveDonor(keys, { ...claim, signedAt: NOW });
});

describe("a donor's proof", () => {
	it("names the donor by its key, within five minutes", async () => {
		const id = await donorId(await publicDonorKey(keys));
		expect(id).toMatch(/^[A-Za-z0-9_-]{16}$/);
		expect(await verifyDonor(proof, claim, NOW)).toBe(id);
		expect(await verifyDonor(proof, claim, NOW + 299_000)).toBe(id);
		expect(await verifyDonor(proof, claim, NOW - 299_000)).toBe(id);
	});

	it("cannot be made without the private key, which cannot be taken away", async () => {
		await expect(
			crypto.subtle.exportKey("pkcs8", keys.privateKey),
		).rejects.toThrow();
		const others = await createDonorKeys();
		const stolen = await proveDonor(others, { ...claim, signedAt: NOW });
		await expect(
			verifyDonor({ ...stolen, key: proof.key }, claim, NOW),
		).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
	});

	it.each([
		["too old", {}, {}, NOW + 301_000],
		["from the future", {}, {}, NOW - 301_000],
		["without a time", { signedAt: Number.NaN }, {}, NOW],
		["of another time than was signed", { signedAt: NOW - 1 }, {}, NOW],
		["for another gateway", {}, { host: "evil.example.com" }, NOW],
		["for another node", {}, { nodeId: "tab-xyz" }, NOW],
		["for another process", {}, { instance: "i2" }, NOW],
		["with a signature that is none", { signature: "A".repeat(86) }, {}, NOW],
		["with a key that is none", { key: "_".repeat(43) }, {}, NOW],
		["that is no base64", { key: "!" }, {}, NOW],
	])("is refused %s", async (_what, change, other, now) => {
		await expect(
			verifyDonor({ ...proof, ...change }, { ...claim, ...other }, now),
		).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
	});
});
