import type { IceServer } from "@easyremote/shared/protocol";
import type { Clock } from "@easyremote/shared/time";

/** ICE servers, and from when on there should be new ones, ms since the epoch; absent is never. */
export interface IceOffer {
	readonly servers: readonly IceServer[];
	readonly renewAtMs?: number | undefined;
}

/** What one peer has been told to find a direct path with, and when it has to be told anew. */
export class IceTerms {
	readonly #offer: () => IceOffer;
	readonly #clock: Clock;
	#told: IceOffer;

	constructor(offer: () => IceOffer, clock: Clock) {
		this.#offer = offer;
		this.#clock = clock;
		this.#told = offer();
	}

	/** The servers as last told. */
	get servers(): IceServer[] {
		return [...this.#told.servers];
	}

	/** Servers with fresh credentials, once those last told are getting old. */
	renewed(): IceServer[] | undefined {
		const { renewAtMs } = this.#told;
		if (renewAtMs === undefined || this.#clock.now() < renewAtMs)
			return undefined;
		this.#told = this.#offer();
		return this.servers;
	}
}
