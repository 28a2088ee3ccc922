import { type Deferred, deferred } from "../async/deferred.js";
import { candidateAddress, candidateType } from "./peer-signals.js";

/**
 * Which relayed candidates of the far end are on a TURN server of ours.
 *
 * libjuice asks every candidate of the far end from our own address too, whatever the policy. A far end that wants to
 * know who hides there need only call an address of its own "relay". A TURN server where we have an allocation
 * ourselves knows our address anyway, and passes nothing on but from addresses that the far end has named to it.
 */
export class SharedRelays {
	readonly #addresses = new Map<string, Deferred<void>>();

	/** A candidate was found here. */
	found(candidate: string): void {
		if (candidateType(candidate) === "relay") this.#at(candidate).resolve();
	}

	/** Resolves once a relayed candidate was found here whose server this one of the far end is on too; perhaps never. */
	async shared(candidate: string): Promise<void> {
		await this.#at(candidate).promise;
	}

	#at(candidate: string): Deferred<void> {
		const address = candidateAddress(candidate);
		const known = this.#addresses.get(address) ?? deferred();
		this.#addresses.set(address, known);
		return known;
	}
}
