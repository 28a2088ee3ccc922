/** Intersection Observer v2, of Chromium; TypeScript does not know of it. */
interface VisibilityOptions extends IntersectionObserverInit {
	readonly trackVisibility: true;
	/** Shortest time between two looks, ms; 100 at least. */
	readonly delay: number;
}

const DELAY_MS = 100;
/** How long a click may wait for what was clicked to be seen, ms: a look takes a moment, and so does scrolling there. */
const PATIENCE_MS = 1_000;

/**
 * Whether people can see an element: all of it, with nothing on top, and as it was drawn. The page around a frame could
 * hide a question and have its visitors click on it. Browsers that do not tell count as showing it.
 */
export class Sight {
	readonly #tells = "isVisible" in IntersectionObserverEntry.prototype;
	#inSight = false;
	#waiting: (() => void)[] = [];

	constructor(element: Element) {
		if (!this.#tells) return;
		const options: VisibilityOptions = {
			threshold: [0, 1],
			trackVisibility: true,
			delay: DELAY_MS,
		};
		new IntersectionObserver((entries) => {
			const last = entries.at(-1) as IntersectionObserverEntry & {
				readonly isVisible: boolean;
			};
			this.#inSight = last.isVisible;
			if (!this.#inSight) return;
			for (const seen of this.#waiting.splice(0)) seen();
		}, options).observe(element);
	}

	/** Whether it is seen now, or within a second. */
	async confirmed(): Promise<boolean> {
		if (!this.#tells || this.#inSight) return true;
		await Promise.race([
			new Promise<void>((resolve) => this.#waiting.push(resolve)),
			new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)),
		]);
		return this.#inSight;
	}
}
