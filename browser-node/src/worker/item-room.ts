import {
	STREAM_WINDOW_ITEMS,
	type FunctionCommand,
} from "../ports/function-port.js";

type Credit = Extract<FunctionCommand, { type: "credit" }>;

/**
 * Room for the items of a stream, as its producer knows of it: new room counts from the first item that carries its receipt.
 * Were it to count as soon as it is given, a flood read slowly would look like a producer that keeps to its room.
 */
export class ItemRoom {
	#items = STREAM_WINDOW_ITEMS;
	/** Not seen to be known of yet, oldest first. */
	readonly #given: Credit[] = [];

	give(credit: Credit): void {
		this.#given.push(credit);
	}

	/** Takes one item, and the receipt that it carries. False if its producer knew of no room for it. */
	take(receipt: number | undefined): boolean {
		const known = this.#given.findIndex((credit) => credit.receipt === receipt);
		for (const { items } of this.#given.splice(0, known + 1))
			this.#items += items;
		this.#items -= 1;
		return this.#items >= 0;
	}
}
