import { isDeepStrictEqual } from "node:util";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type {
	BundleManifest,
	FunctionDescriptor,
} from "@easyremote/shared/protocol";
import { bundleFunctionName } from "@easyremote/shared/security";
import type { Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import type { Principal } from "../auth/principal.js";
import type { GatewayLimits } from "../config/gateway-limits.js";
import type { PublishedFunctions } from "../registry/published-functions.js";
import type { BundleStore } from "../store/bundle-store.js";
import { versionTaken } from "../store/memory-bundle-store.js";
import { visibleFunctions } from "./bundle-access.js";
import { BundleShelf, namesOf } from "./bundle-shelf.js";
import { checkRoom, codeBytes } from "./check-room.js";
import { type PublishedBundle, publishedBundle } from "./published-bundle.js";

export interface BundleCatalogueOptions {
	/** Absent, nothing can be published. */
	readonly store: BundleStore | undefined;
	readonly limits: Pick<GatewayLimits, "maxBundles" | "maxBundleBytes">;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Names of functions that have come, gone, or changed their meaning: in full, and without version. */
export type BundleChange = ReadonlySet<string>;

/** What is published at this gateway: kept in memory, as large as it may get, with the code in the store. */
export class BundleCatalogue implements PublishedFunctions {
	readonly #options: BundleCatalogueOptions;
	readonly #shelf = new BundleShelf();
	readonly #listeners = new Set<(change: BundleChange) => void>();
	/** The write under way and those behind it: one at a time, since each depends on what is there. */
	#writing: Promise<unknown> = Promise.resolve();

	constructor(options: BundleCatalogueOptions) {
		this.#options = options;
	}

	/** Reads what was published before. Throws UNAVAILABLE as the store does. */
	async open(): Promise<void> {
		for (const record of (await this.#options.store?.list()) ?? [])
			this.#shelf.add(publishedBundle(record));
	}

	/** Every version there is. */
	get all(): Iterable<PublishedBundle> {
		return this.#shelf;
	}

	/** How many versions there are, and the bytes of their code. */
	get figures(): { readonly bundles: number; readonly bytes: number } {
		const manifests = [...this.#shelf].map(({ manifest }) => manifest);
		return { bundles: manifests.length, bytes: codeBytes(manifests) };
	}

	/** Whether callers who name no version get this one. */
	isNewest(bundle: PublishedBundle): boolean {
		return this.#shelf.isNewest(bundle);
	}

	/**
	 * The function that a valid name stands for, named in full: "bundle/function" of the newest version,
	 * "bundle@version/function" of that one.
	 */
	resolve(name: string): FunctionDescriptor | undefined {
		return this.#shelf.resolve(name);
	}

	/** Every name by which a principal may ask for a function that it is told of. */
	*visibleNames(principal: Principal): Iterable<string> {
		for (const { manifest } of this.#shelf)
			for (const { name: own } of visibleFunctions(principal, manifest)) {
				yield bundleFunctionName(manifest.name, manifest.version, own);
				yield bundleFunctionName(manifest.name, undefined, own);
			}
	}

	/**
	 * Adds a version whose manifest and code belong together, unless exactly this is published already. It is durable
	 * once this resolves. Throws ALREADY_EXISTS (other content under that version), RESOURCE_EXHAUSTED, UNIMPLEMENTED.
	 */
	publish(
		manifest: BundleManifest,
		code: Uint8Array,
		publisher: string,
	): Promise<{ readonly bundle: PublishedBundle; readonly created: boolean }> {
		return this.#inTurn(async () => {
			const { store, limits, clock, log } = this.#options;
			if (!store) throw noBundles();
			const { name, version, sha256 } = manifest;
			const known = this.#shelf.find(name, version);
			if (known && !isDeepStrictEqual(known.manifest, manifest))
				throw versionTaken(manifest);
			if (known) return { bundle: known, created: false };
			checkRoom(this.#shelf, manifest, limits);
			// What was published later is newer, even if the clock was set back meanwhile.
			const latest = this.#shelf.newest(name)?.publishedAt ?? 0;
			const record = {
				manifest,
				publisher,
				publishedAt: Math.max(clock.now(), latest + 1),
			};
			await store.insert(record, code);
			const bundle = publishedBundle(record);
			this.#shelf.add(bundle);
			log.info(
				{ bundle: name, version, sha256, publisher },
				"bundle published",
			);
			this.#changed([bundle]);
			return { bundle, created: true };
		});
	}

	/** Removes a version, or all of them, from here and from every donor. Throws NOT_FOUND. */
	unpublish(name: string, version: string | undefined): Promise<void> {
		return this.#inTurn(async () => {
			await this.#options.store?.remove(name, version);
			const gone = this.#shelf.remove(name, version);
			if (gone.length === 0) throw notPublished(name, version);
			this.#options.log.info({ bundle: name, version }, "bundle unpublished");
			this.#changed(gone);
		});
	}

	/** The code of that SHA-256; undefined if nothing that is published has it. */
	async code(sha256: string): Promise<Uint8Array | undefined> {
		return this.#options.store?.code(sha256);
	}

	/** Tells of every change. The answer removes the listener. */
	listen(listener: (change: BundleChange) => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	#changed(bundles: readonly PublishedBundle[]): void {
		const names = new Set(bundles.flatMap(namesOf));
		for (const listener of [...this.#listeners]) listener(names);
	}

	#inTurn<T>(work: () => Promise<T>): Promise<T> {
		const done = this.#writing.then(work);
		// Whoever asked for it hears of a failure; the next is not concerned.
		this.#writing = done.catch(() => undefined);
		return done;
	}
}

function notPublished(
	name: string,
	version: string | undefined,
): EasyRemoteError {
	const what = version === undefined ? name : `${name}@${version}`;
	return new EasyRemoteError(
		"NOT_FOUND",
		`no bundle ${what} is published here`,
		{
			hint: "GET /api/bundles lists those that are.",
		},
	);
}

function noBundles(): EasyRemoteError {
	return new EasyRemoteError(
		"UNIMPLEMENTED",
		"the store of this gateway keeps no bundles",
		{
			hint: "Give the store of your own the member `bundles`, or use { path }.",
		},
	);
}
