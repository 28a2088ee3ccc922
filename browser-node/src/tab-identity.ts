import { keepRecord, keptRecord } from "./kept-record.js";

const STORAGE_KEY = "easyremote:node-id";
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

/** A fresh node id, `tab-` and six characters without look-alikes: one of about 10⁹. */
export function randomTabId(
	random: (length: number) => Uint8Array = randomBytes,
): string {
	const characters = Array.from(
		random(6),
		(byte) => LETTERS[byte % LETTERS.length] ?? "",
	);
	return `tab-${characters.join("")}`;
}

/**
 * This origin's node id, kept in IndexedDB so that a reload stays the same node.
 * Where storage is denied (private windows) it is fresh each time.
 */
export async function tabIdentity(): Promise<string> {
	const kept = await keptRecord(STORAGE_KEY);
	if (typeof kept === "string" && /^tab-[a-z0-9]{6}$/.test(kept)) return kept;
	const id = randomTabId();
	await keepRecord(STORAGE_KEY, id);
	return id;
}

function randomBytes(length: number): Uint8Array {
	return crypto.getRandomValues(new Uint8Array(length));
}
