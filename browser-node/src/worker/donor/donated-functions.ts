import type { FunctionEntry } from "@easyremote/shared/functions";
import { FunctionTable } from "@easyremote/shared/host";
import type {
	BundleOffer,
	Capabilities,
	ControlMessage,
} from "@easyremote/shared/protocol";
import {
	bundleFunctionName,
	type DonorProof,
	proveDonor,
} from "@easyremote/shared/security";
import { type CancelTimer, systemClock } from "@easyremote/shared/time";
import type { DonorStart, NodeStart, PageApi } from "../../ports/page-port.js";
import { describedEntry } from "../described-entry.js";
import { SandboxedWorkers } from "../sandboxed-workers.js";
import type { ServedFunctions } from "../served-functions.js";
import type { CallStarted } from "../worker-executor.js";
import { BundleCache } from "./bundle-cache.js";
import { BundleExecutor, type OfferedFunction } from "./bundle-executor.js";
import { BundleLibrary } from "./bundle-library.js";
import { BundlePools } from "./bundle-pools.js";
import { findCapabilities } from "./capabilities.js";
import { DutyPlaces } from "./duty-places.js";
import { openCodeStore } from "./open-code-store.js";
import { ownEngine } from "./own-engine.js";
import { refusalOf } from "./terms.js";

/** How long running calls may go on after `pause`, ms. */
const PAUSE_GRACE_MS = 1_000;

export interface DonatedFunctionsOptions {
	readonly start: NodeStart;
	readonly donor: DonorStart;
	/** As in `hello`. */
	readonly instance: string;
	readonly page: PageApi;
	readonly started: CallStarted;
}

/** Everything that is published and that this donor's owner and browser allow, run in the sandbox. */
export class DonatedFunctions implements ServedFunctions {
	readonly table = new FunctionTable();
	readonly executor: BundleExecutor;
	readonly #options: DonatedFunctionsOptions;
	readonly #cache: BundleCache;
	readonly #workers: SandboxedWorkers;
	readonly #pools: BundlePools;
	readonly #places: DutyPlaces;
	#able: Capabilities | undefined;
	#engine: string | undefined;
	#proof: DonorProof | undefined;
	#offers: readonly BundleOffer[] = [];
	#functions = new Map<string, OfferedFunction>();
	#paused: boolean;
	#cancelGrace: CancelTimer | undefined;

	constructor(options: DonatedFunctionsOptions) {
		const { start, donor, page, started } = options;
		this.#options = options;
		this.#paused = donor.paused;
		this.#cache = new BundleCache(openCodeStore(), donor.cacheBytes, Date.now);
		this.#workers = new SandboxedWorkers(page, systemClock);
		this.#places = new DutyPlaces(
			start.maxConcurrent,
			donor.dutyCycle,
			systemClock,
		);
		this.#pools = new BundlePools({
			size: start.maxConcurrent,
			library: new BundleLibrary({
				gateway: start.gateway,
				cache: this.#cache,
				fetch: (input, init) => fetch(input, init),
				arrived: (offer) => this.#arrived(offer),
			}),
			workers: this.#workers,
			webgpu: donor.webgpu,
			clock: systemClock,
		});
		this.executor = new BundleExecutor({
			find: (name) => this.#functions.get(name),
			places: this.#places,
			pools: this.#pools,
			started,
		});
	}

	async start(): Promise<void> {
		const { start, donor } = this.#options;
		const lent = { ...donor, cores: start.maxConcurrent };
		[this.#able, this.#engine] = await Promise.all([
			findCapabilities(lent),
			ownEngine(),
			this.#cache.open(),
		]);
	}

	async connecting(): Promise<void> {
		const { start, donor, instance } = this.#options;
		this.#proof = await proveDonor(donor.keys, {
			host: new URL(start.gateway).host,
			nodeId: start.id,
			instance,
			signedAt: Date.now(),
		});
	}

	profile() {
		return {
			kind: "donor" as const,
			tags: [...this.#options.start.tags],
			engine: this.#engine,
			capabilities: this.#able,
			donor: this.#proof,
		};
	}

	control(message: ControlMessage): void {
		if (message.type !== "bundles") return;
		this.#offers = message.payload.bundles;
		this.#pools.keepOnly(this.#offers);
		this.#register();
	}

	workerFailed(worker: number, error: Error): void {
		this.#workers.failed(worker, error);
	}

	pause(paused: boolean): void {
		this.#paused = paused;
		this.#cancelGrace?.();
		if (paused)
			this.#cancelGrace = systemClock.schedule(PAUSE_GRACE_MS, () =>
				this.#pools.closeAll(),
			);
		this.#register();
	}

	setDutyCycle(share: number): void {
		this.#places.share = share;
	}

	close(): void {
		this.#cancelGrace?.();
		this.#pools.closeAll();
	}

	/** Makes the table what is offered, taken and not paused now. */
	#register(): void {
		const wanted = new Map<string, OfferedFunction>();
		for (const offer of this.#offers)
			if (!this.#paused && this.#refusal(offer) === undefined)
				for (const { name: own } of offer.functions)
					wanted.set(fullName(offer, own), { offer, own });
		const same = (name: string) =>
			this.#functions.get(name)?.offer.sha256 ===
			wanted.get(name)?.offer.sha256;
		this.table.remove(this.table.names.filter((name) => !same(name)));
		this.#functions = wanted;
		this.table.add(
			[...wanted]
				.filter(([name]) => !this.table.find(name))
				.map(([, each]) => this.#entry(each)),
		);
		this.#show();
	}

	#entry({ offer, own }: OfferedFunction): FunctionEntry {
		const descriptor = offer.functions.find(({ name }) => name === own);
		return describedEntry({
			public: false,
			authRequired: true,
			idempotent: true,
			stream: false,
			...descriptor,
			name: fullName(offer, own),
			cached: this.#cache.has(offer.sha256),
		});
	}

	/** Code has come: callers prefer donors that have it. */
	#arrived(offer: BundleOffer): void {
		const entries = [...this.#functions.values()]
			.filter((each) => each.offer.sha256 === offer.sha256)
			.map((each) => this.#entry(each));
		this.table.replace(entries);
		this.#show();
	}

	#refusal(offer: BundleOffer): string | undefined {
		return (
			this.#able && refusalOf(offer, this.#able, this.#engine ?? "unknown")
		);
	}

	#show(): void {
		this.#options.page.bundles(
			this.#offers.map((offer) => {
				const why = this.#refusal(offer);
				const { name, version, description, publisher, sha256 } = offer;
				return {
					name,
					version,
					description,
					publisher,
					functions: offer.functions.map((each) => each.name),
					taken: why === undefined,
					why,
					cached: this.#cache.has(sha256),
				};
			}),
		);
	}
}

function fullName({ name, version }: BundleOffer, own: string): string {
	return bundleFunctionName(name, version, own);
}
