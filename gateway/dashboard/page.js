// What the scripts of the front page share.

/** Where the key is kept, for this tab only. */
export const KEY_ITEM = "easyremote-key";

export const element = (id) => document.getElementById(id);

/** Asks the gateway, with the key if there is one. Throws what it says, with the `status`. */
export async function ask(path) {
	const key = sessionStorage.getItem(KEY_ITEM);
	const response = await fetch(
		path,
		key ? { headers: { authorization: `Bearer ${key}` } } : {},
	);
	if (!response.ok)
		throw Object.assign(new Error((await response.json()).detail), {
			status: response.status,
		});
	return response.json();
}

/** An element; what it says is text, never markup. */
export function make(tag, text, className) {
	const made = document.createElement(tag);
	if (text) made.textContent = text;
	if (className) made.className = className;
	return made;
}
