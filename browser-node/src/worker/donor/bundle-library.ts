import { EasyRemoteError } from "@easyremote/shared/errors";
import type { BundleOffer } from "@easyremote/shared/protocol";
import { requireSameCode } from "../../sandbox/require-same-code.js";
import type { BundleCache } from "./bundle-cache.js";

export interface BundleLibraryOptions {
	/** Address of the gateway. */
	readonly gateway: string;
	readonly cache: BundleCache;
	readonly fetch: typeof fetch;
	/** Code has come into the cache. */
	readonly arrived: (offer: BundleOffer) => void;
}

/** The code of bundles: fetched from the gateway once, checked against its hash, and kept. */
export class BundleLibrary {
	readonly #options: BundleLibraryOptions;
	readonly #coming = new Map<string, Promise<ArrayBuffer>>();

	constructor(options: BundleLibraryOptions) {
		this.#options = options;
	}

	/**
	 * A copy of a bundle's code that is the caller's own. Calls at the same time share one request. Rejects with UNAVAILABLE
	 * where the gateway does not give it, INVALID_ARGUMENT where it is not what was offered.
	 */
	async code(offer: BundleOffer): Promise<ArrayBuffer> {
		const { sha256 } = offer;
		let coming = this.#coming.get(sha256);
		if (!coming) {
			coming = this.#find(offer).finally(() => this.#coming.delete(sha256));
			this.#coming.set(sha256, coming);
		}
		return (await coming).slice(0);
	}

	async #find(offer: BundleOffer): Promise<ArrayBuffer> {
		const { cache, arrived } = this.#options;
		const kept = await cache.read(offer.sha256);
		if (kept) {
			try {
				await requireSameCode(kept, offer.sha256);
				return kept;
			} catch {
				// Damaged, or not ours: fetched anew.
				await cache.remove(offer.sha256);
			}
		}
		const code = await this.#fetch(offer);
		await requireSameCode(code, offer.sha256);
		await cache.write(offer.sha256, code);
		arrived(offer);
		return code;
	}

	async #fetch({
		name,
		version,
		sha256,
		bytes,
	}: BundleOffer): Promise<ArrayBuffer> {
		const { gateway, fetch: load } = this.#options;
		const url = new URL(`/bundles/${sha256}.js`, gateway);
		try {
			const response = await load(url, { credentials: "omit" });
			if (!response.ok) throw new Error(`the gateway says ${response.status}`);
			return await readExactly(response, bytes);
		} catch (cause) {
			throw new EasyRemoteError(
				"UNAVAILABLE",
				`the code of ${name}@${version} cannot be fetched: ${cause instanceof Error ? cause.message : "unknown reason"}`,
				{ cause, details: { started: "no" } },
			);
		}
	}
}

/** Reads a body of a length that is known before, and no byte more. */
async function readExactly(
	response: Response,
	length: number,
): Promise<ArrayBuffer> {
	const bytes = new Uint8Array(length);
	let filled = 0;
	const reader = response.body?.getReader();
	for (;;) {
		const step = await reader?.read();
		if (!step || step.done) break;
		if (filled + step.value.length > length) {
			await reader?.cancel();
			throw new Error(
				`it is longer than the ${length} bytes that were offered`,
			);
		}
		bytes.set(step.value, filled);
		filled += step.value.length;
	}
	if (filled < length)
		throw new Error(`it is ${filled} bytes long, and not ${length} as offered`);
	return bytes.buffer;
}
