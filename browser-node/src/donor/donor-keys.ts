import { EasyRemoteError } from "@easyremote/shared/errors";
import { createDonorKeys } from "@easyremote/shared/security";
import { keepRecord, keptRecord } from "../kept-record.js";

const STORAGE_KEY = "easyremote:donor-keys";

/**
 * This origin's donor key, kept in IndexedDB so that trust and credit outlive the visit; scripts cannot read its private
 * half. Where storage is denied it is fresh each time. Rejects with UNIMPLEMENTED where the browser makes no such keys.
 */
export async function donorKeys(): Promise<CryptoKeyPair> {
	// Missing on pages that came over http from another machine, whatever the types say.
	if (!(crypto as Partial<Crypto>).subtle) throw unavailable(undefined);
	const kept = await keptRecord(STORAGE_KEY);
	if (isKeyPair(kept)) return kept;
	const keys = await createDonorKeys().catch((cause: unknown) => {
		throw unavailable(cause);
	});
	await keepRecord(STORAGE_KEY, keys);
	return keys;
}

function isKeyPair(value: unknown): value is CryptoKeyPair {
	return (
		typeof value === "object" &&
		value !== null &&
		"privateKey" in value &&
		value.privateKey instanceof CryptoKey &&
		"publicKey" in value &&
		value.publicKey instanceof CryptoKey
	);
}

function unavailable(cause: unknown): EasyRemoteError {
	return new EasyRemoteError(
		"UNIMPLEMENTED",
		"this browser cannot lend itself here: it makes no Ed25519 keys on this page",
		{
			hint: "open the page over https or on localhost, in a browser of 2025 or later",
			cause,
		},
	);
}
