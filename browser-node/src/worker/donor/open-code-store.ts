import { createStore, del, get, set } from "idb-keyval";
import type { CodeStore } from "./bundle-cache.js";

/** This origin's store for code, in IndexedDB; undefined where the browser has none to give. */
export function openCodeStore(): CodeStore | undefined {
	try {
		const store = createStore("easyremote-bundles", "code");
		return {
			get: (key) => get<unknown>(key, store),
			set: (key, value) => set(key, value, store),
			del: (key) => del(key, store),
		};
	} catch {
		return undefined;
	}
}
