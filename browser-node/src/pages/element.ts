/** The element with that id. Throws if the page lacks it. */
export function element<T extends Element>(id: string, kind: new () => T): T {
	const found = document.getElementById(id);
	if (found instanceof kind) return found;
	throw new Error(`the page has no ${kind.name} #${id}`);
}

/** Changes a text only when it differs, so that screen readers and selections are left alone. */
export function write(id: string, text: string): void {
	const target = element(id, HTMLElement);
	if (target.textContent !== text) target.textContent = text;
}

/** An element with a text in it: what strangers say is text, never markup. */
export function textElement(
	tag: string,
	text: string,
	className?: string,
): HTMLElement {
	const created = document.createElement(tag);
	created.textContent = text;
	if (className !== undefined) created.className = className;
	return created;
}
