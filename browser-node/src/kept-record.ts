import { get, set } from "idb-keyval";

/** What this origin keeps in IndexedDB by that name; undefined where there is none, or storage is denied. */
export async function keptRecord(name: string): Promise<unknown> {
	try {
		return await get<unknown>(name);
	} catch {
		// Denied to private windows and to frames of other sites, by a rejection or by throwing.
		return undefined;
	}
}

/** Keeps something there, where it can. */
export async function keepRecord(name: string, value: unknown): Promise<void> {
	try {
		await set(name, value);
	} catch {
		// Then it lasts as long as the page.
	}
}
