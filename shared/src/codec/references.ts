/** A value that is in a body, and where. */
interface Place {
	/** Its first byte. */
	readonly at: number;
	/** From 1 for a value that is referred to; else 0. */
	id: number;
}

/** Which objects a body holds already, and which of them are referred to again. */
export class References {
	readonly #places = new Map<object, Place>();
	#named: Place[] = [];

	/** The places that need an id before them. */
	get named(): readonly Readonly<Place>[] {
		return this.#named;
	}

	/** The id of a value that is there already; undefined for one that is not, and is noted at `at`. */
	meet(value: object, at: number): number | undefined {
		const place = this.#places.get(value);
		if (place === undefined) {
			this.#places.set(value, { at, id: 0 });
			return undefined;
		}
		if (place.id === 0) place.id = this.#named.push(place);
		return place.id;
	}

	/** Forgets all of them. */
	clear(): void {
		this.#places.clear();
		this.#named = [];
	}
}
