import type { ControlPayload } from "@easyremote/shared/protocol";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import type { Logger } from "pino";
import type { BundleCatalogue } from "./bundle-catalogue.js";
import { offerList } from "./offer-list.js";

/** Changes within this time are told together, ms. */
const GATHER_MS = 50;

export interface DonorOffersOptions {
	readonly bundles: BundleCatalogue;
	readonly clock: Clock;
	readonly log: Logger;
}

type Tell = (offers: ControlPayload<"bundles">) => void;

/** Keeps donors up to date about what is published. */
export class DonorOffers {
	readonly #options: DonorOffersOptions;
	readonly #donors = new Set<Tell>();
	readonly #stopListening: () => void;
	/** The list as it is now, once somebody has asked. */
	#offers: ControlPayload<"bundles"> | undefined;
	#cancelTimer: CancelTimer | undefined;

	constructor(options: DonorOffersOptions) {
		this.#options = options;
		this.#stopListening = options.bundles.listen(() => this.#changed());
	}

	/** Tells a donor everything now, and again whenever it has changed, until the answer is called. */
	watch(tell: Tell): () => void {
		this.#donors.add(tell);
		tell(this.#list());
		return () => {
			this.#donors.delete(tell);
		};
	}

	/** Tells nobody anything any more. */
	close(): void {
		this.#stopListening();
		this.#cancelTimer?.();
		this.#donors.clear();
	}

	#changed(): void {
		this.#offers = undefined;
		this.#cancelTimer ??= this.#options.clock.schedule(GATHER_MS, () => {
			this.#cancelTimer = undefined;
			for (const tell of [...this.#donors]) tell(this.#list());
		});
	}

	#list(): ControlPayload<"bundles"> {
		const { bundles, log } = this.#options;
		this.#offers ??= offerList(bundles.all, (bundle) =>
			bundles.isNewest(bundle),
		);
		const { leftOut } = this.#offers;
		if (leftOut !== undefined)
			log.warn(
				{ leftOut },
				"more is published than donors can be told: unpublish old versions",
			);
		return this.#offers;
	}
}
