/** Intersection Observer v2, of Chromium; TypeScript does not know of it. */
interface VisibilityOptions extends IntersectionObserverInit {
	readonly trackVisibility: true;
	/** Shortest time between two looks, ms; 100 at least. */
	readonly delay: number;
}

interface VisibilityEntry extends IntersectionObserverEntry {
	readonly isVisible: boolean;
}

const DELAY_MS = 100;
/** How long it may take for an element to be seen, ms: scrolling there takes a moment. */
const PATIENCE_MS = 2_000;

/**
 * Whether people see an element now, or within two seconds: all of it, with nothing on top, and as it was drawn. The page
 * around a frame could hide a question and have its visitors click on it. Browsers that do not tell count as showing it.
 */
export async function isSeen(element: Element): Promise<boolean> {
	if (!("isVisible" in IntersectionObserverEntry.prototype)) return true;
	return new Promise((resolve) => {
		const options: VisibilityOptions = {
			threshold: [0, 1],
			trackVisibility: true,
			delay: DELAY_MS,
		};
		// A fresh one looks anew: what an older one has seen may be over.
		const observer = new IntersectionObserver((entries) => {
			const last = entries.at(-1) as VisibilityEntry | undefined;
			if (last?.isVisible === true) settle(true);
		}, options);
		const timer = setTimeout(() => settle(false), PATIENCE_MS);
		const settle = (seen: boolean): void => {
			clearTimeout(timer);
			observer.disconnect();
			resolve(seen);
		};
		observer.observe(element);
	});
}
