import { fromBase64, toBase64Url } from "../codec/base64.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { NodeProfile } from "../protocol/control-messages.js";

/** What a donor's `hello` says of its key. */
export type DonorProof = NonNullable<NodeProfile["donor"]>;

/** What a donor signs: good for one gateway, one process of one node, and a few minutes. */
export interface DonorClaim {
	/** Of the gateway, as the donor reached it: `location.host`, the Host header. */
	readonly host: string;
	readonly nodeId: string;
	/** As in `hello`. */
	readonly instance: string;
	/** ms since the epoch. */
	readonly signedAt: number;
}

/** How old a proof may be, and how far ahead of our clock, ms. */
const PROOF_LIFE_MS = 5 * 60_000;
/** Bytes of the key's hash that are the donor's id. */
const ID_BYTES = 12;
/** EdDSA over Curve25519 (RFC 8032). */
const ALGORITHM = { name: "Ed25519" };

/** The text that is signed. */
export function donorStatement(claim: DonorClaim): Uint8Array<ArrayBuffer> {
	const { host, nodeId, instance, signedAt } = claim;
	return new TextEncoder().encode(
		["easyremote-donor", host, nodeId, instance, signedAt].join("\n"),
	);
}

/** The id of a donor: 16 characters of its public key's SHA-256. */
export async function donorId(key: Uint8Array<ArrayBuffer>): Promise<string> {
	const hash = await crypto.subtle.digest("SHA-256", key);
	return toBase64Url(new Uint8Array(hash, 0, ID_BYTES));
}

/** A fresh key pair whose private half never leaves where it was made. */
export async function createDonorKeys(): Promise<CryptoKeyPair> {
	const keys = await crypto.subtle.generateKey(ALGORITHM, false, [
		"sign",
		"verify",
	]);
	return keys as CryptoKeyPair;
}

/** The public key, 32 bytes. */
export async function publicDonorKey(
	keys: CryptoKeyPair,
): Promise<Uint8Array<ArrayBuffer>> {
	return new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
}

/** Proves to a gateway that this donor has its key. */
export async function proveDonor(
	keys: CryptoKeyPair,
	claim: DonorClaim,
): Promise<DonorProof> {
	const signature = await crypto.subtle.sign(
		ALGORITHM,
		keys.privateKey,
		donorStatement(claim),
	);
	return {
		key: toBase64Url(await publicDonorKey(keys)),
		signedAt: claim.signedAt,
		signature: toBase64Url(new Uint8Array(signature)),
	};
}

/**
 * Checks a donor's proof; the answer is its id.
 *
 * @param claim what it should have signed, its time aside
 * @param now wall time, ms since the epoch
 * @throws {EasyRemoteError} UNAUTHENTICATED when it is forged, too old, or for somebody else
 */
export async function verifyDonor(
	{ key, signedAt, signature }: DonorProof,
	claim: Omit<DonorClaim, "signedAt">,
	now: number,
): Promise<string> {
	if (!(Math.abs(now - signedAt) <= PROOF_LIFE_MS))
		throw refused("it is too old, or the clocks of both sides are apart");
	const bytes = fromBase64(key);
	const signed = fromBase64(signature);
	if (
		!bytes ||
		!signed ||
		!(await isSigned(bytes, signed, { ...claim, signedAt }))
	)
		throw refused(
			"its signature is not by that key, for this gateway and node",
		);
	return donorId(bytes);
}

async function isSigned(
	key: Uint8Array<ArrayBuffer>,
	signature: Uint8Array<ArrayBuffer>,
	claim: DonorClaim,
): Promise<boolean> {
	try {
		const publicKey = await crypto.subtle.importKey(
			"raw",
			key,
			ALGORITHM,
			false,
			["verify"],
		);
		return await crypto.subtle.verify(
			ALGORITHM,
			publicKey,
			signature,
			donorStatement(claim),
		);
	} catch {
		// Thirty-two bytes need not be a point of the curve.
		return false;
	}
}

function refused(why: string): EasyRemoteError {
	return new EasyRemoteError(
		"UNAUTHENTICATED",
		`the donor's proof of its key does not count: ${why}`,
		{ hint: "Set the clock, and open the page at the address of the gateway." },
	);
}
