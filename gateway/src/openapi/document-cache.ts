import type { Provider } from "@easyremote/shared/protocol";
import { LRUCache } from "lru-cache";
import { DEVELOPER, type Principal } from "../auth/principal.js";
import type { BundleCatalogue } from "../bundles/bundle-catalogue.js";
import {
	type VisibleBundle,
	visibleBundles,
} from "../bundles/visible-bundles.js";
import type { BuiltFile } from "../http/built-files.js";
import { etagOf } from "../http/etag.js";
import { fitListing } from "../limits/fit-listing.js";
import type { Registry } from "../registry/registry.js";
import { VERSION } from "../version.js";
import { openApiDocument } from "./openapi-document.js";

/** Readers whose documents are kept. */
const MOST_READERS = 100;
/** … and what they may take together, in documents of the largest size. */
const MOST_LARGEST = 4;

export interface DocumentCacheOptions {
	readonly registry: Pick<Registry, "list" | "listen">;
	readonly bundles: BundleCatalogue;
	/** Most that a document may take, bytes. */
	readonly maxBytes: number;
}

interface Kept {
	/** How many changes the registry had seen. */
	readonly changes: number;
	readonly file: BuiltFile;
}

/** The OpenAPI document of each reader, written anew only when a node or a bundle has changed since. */
export class DocumentCache {
	readonly #options: DocumentCacheOptions;
	readonly #kept: LRUCache<string, Kept>;
	#changes = 0;

	constructor(options: DocumentCacheOptions) {
		this.#options = options;
		this.#kept = new LRUCache({
			max: MOST_READERS,
			maxSize: MOST_LARGEST * options.maxBytes,
			sizeCalculation: ({ file }) => file.bytes.length,
		});
		const changed = () => {
			this.#changes += 1;
		};
		options.registry.listen(changed);
	}

	/** The document as `principal` may read it. */
	async for(principal: Principal): Promise<BuiltFile> {
		// Two tokens of one subject may have different grants.
		const reader = JSON.stringify([principal.id, principal.grants]);
		const changes = this.#changes;
		const kept = this.#kept.get(reader);
		if (kept?.changes === changes) return kept.file;
		const file = await this.#write(principal);
		this.#kept.set(reader, { changes, file });
		return file;
	}

	async #write(principal: Principal): Promise<BuiltFile> {
		const { registry, bundles, maxBytes } = this.#options;
		const offers = fitListing(
			[
				...(await registry.list(principal)),
				...visibleBundles(bundles, principal),
			],
			maxBytes,
		);
		const json = openApiDocument({
			providers: offers.filter(isProvider),
			bundles: offers.filter(isBundle),
			version: VERSION,
			open: principal.id === DEVELOPER.id,
			maxBytes,
		});
		const bytes = new Uint8Array(Buffer.from(json));
		return {
			bytes,
			type: "application/json",
			etag: etagOf(bytes),
			immutable: false,
		};
	}
}

function isProvider(offer: Provider | VisibleBundle): offer is Provider {
	return "nodeId" in offer;
}

function isBundle(offer: Provider | VisibleBundle): offer is VisibleBundle {
	return !isProvider(offer);
}
