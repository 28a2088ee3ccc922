import type { Clock } from "@easyremote/shared/time";
import type { BrowserNodeCall } from "../node-facts.js";

/** How long news may wait for more to go with it, ms. */
const GATHER_MS = 50;

/**
 * Tells the page of calls: of the first at once, of those that follow closely together. A message for each would cost
 * both threads more than a short call does.
 */
export class CallNews {
	readonly #tell: (calls: readonly BrowserNodeCall[]) => void;
	readonly #clock: Clock;
	#gathered: BrowserNodeCall[] = [];
	#waiting = false;

	constructor(tell: (calls: readonly BrowserNodeCall[]) => void, clock: Clock) {
		this.#tell = tell;
		this.#clock = clock;
	}

	add(call: BrowserNodeCall): void {
		this.#gathered.push(call);
		if (!this.#waiting) this.flush();
	}

	/** Tells what has been gathered. */
	flush(): void {
		if (this.#gathered.length === 0) return;
		this.#tell(this.#gathered);
		this.#gathered = [];
		if (this.#waiting) return;
		this.#waiting = true;
		this.#clock.schedule(GATHER_MS, () => {
			this.#waiting = false;
			this.flush();
		});
	}
}
