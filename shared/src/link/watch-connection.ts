/** The part of a page's or a Worker's global scope that this needs. */
interface NetworkScope
	extends Pick<EventTarget, "addEventListener" | "removeEventListener"> {
	readonly navigator: object;
}

/**
 * Calls `changed` when a browser has another way out than before, until the answer is called.
 *
 * @example
 * const stop = watchConnection(globalThis, () => link.networkChanged());
 */
export function watchConnection(
	scope: NetworkScope,
	changed: () => void,
): () => void {
	scope.addEventListener("online", changed);
	// Chromium tells of every change of the way out, others only of the way back.
	const { connection } = scope.navigator as { connection?: EventTarget };
	connection?.addEventListener("change", changed);
	return () => {
		scope.removeEventListener("online", changed);
		connection?.removeEventListener("change", changed);
	};
}
