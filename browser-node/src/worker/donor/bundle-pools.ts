import type { BundleOffer } from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";
import type { SandboxedWorkers } from "../sandboxed-workers.js";
import { WorkerPool } from "../worker-pool.js";
import type { BundleLibrary } from "./bundle-library.js";

export interface BundlePoolsOptions {
	/** Workers at once, of all bundles together. */
	readonly size: number;
	readonly library: BundleLibrary;
	readonly workers: SandboxedWorkers;
	/** Whether functions that ask for it may use the GPU. */
	readonly webgpu: boolean;
	readonly clock: Clock;
}

/** Sandboxed Workers, a pool for each bundle version; idle ones make room for those of other bundles. */
export class BundlePools {
	readonly #options: BundlePoolsOptions;
	/** In the order in which they were used last. */
	readonly #pools = new Map<string, WorkerPool>();

	constructor(options: BundlePoolsOptions) {
		this.#options = options;
	}

	/** The pool of a bundle, ready for one more call. Rejects when its code cannot be had. */
	async of(offer: BundleOffer): Promise<WorkerPool> {
		const key = keyOf(offer);
		const pool = this.#pools.get(key) ?? (await this.#create(offer));
		this.#pools.delete(key);
		this.#pools.set(key, pool);
		if (!pool.hasIdle) this.#makeRoom(pool);
		return pool;
	}

	/** Ends the Workers of bundles that are not among these. */
	keepOnly(offers: readonly BundleOffer[]): void {
		const kept = new Set(offers.map(keyOf));
		for (const [key, pool] of this.#pools)
			if (!kept.has(key)) {
				this.#pools.delete(key);
				pool.close();
			}
	}

	/** Ends all Workers; calls in them fail. */
	closeAll(): void {
		this.keepOnly([]);
	}

	async #create(offer: BundleOffer): Promise<WorkerPool> {
		const { size, library, workers, webgpu, clock } = this.#options;
		const code = await library.code(offer);
		const wantsGpu = offer.functions.some(
			({ resources }) => resources?.webgpu === true,
		);
		// Another call may have been faster.
		return (
			this.#pools.get(keyOf(offer)) ??
			new WorkerPool({
				size,
				spawn: workers.spawnFor({
					sha256: offer.sha256,
					code,
					webgpu: webgpu && wantsGpu,
				}),
				clock,
				isolation: offer.isolation,
			})
		);
	}

	#makeRoom(forPool: WorkerPool): void {
		let total = 0;
		for (const { size } of this.#pools.values()) total += size;
		for (const pool of this.#pools.values()) {
			if (pool === forPool) continue;
			while (total >= this.#options.size && pool.endIdle()) total -= 1;
		}
	}
}

/** The same code may be published twice, with other options. */
function keyOf({ name, version, sha256 }: BundleOffer): string {
	return `${name}@${version} ${sha256}`;
}
