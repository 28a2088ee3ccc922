/** Characters that a pattern may hold: those of names, and of references to functions and bundles. */
const PATTERN = /^[A-Za-z0-9_*./@-]{1,200}$/;

/** Whether a text can be a pattern at all. */
export function isGlob(text: string): boolean {
	return PATTERN.test(text);
}

/**
 * Whether all of `text` matches `pattern`, in which `*` is any number of characters but ".": a pattern for nodes says
 * nothing about functions. Takes at most length × length steps, whatever the pattern (Krauss, "Matching Wildcards", 2008).
 */
export function matchesGlob(pattern: string, text: string): boolean {
	let at = 0;
	let inText = 0;
	let star = -1;
	let starText = 0;
	while (inText < text.length) {
		if (pattern[at] === "*") {
			star = at;
			starText = inText;
			at += 1;
		} else if (at < pattern.length && pattern[at] === text[inText]) {
			at += 1;
			inText += 1;
		} else if (star >= 0 && text[starText] !== ".") {
			// The last star takes one character more, and the rest is tried again.
			starText += 1;
			inText = starText;
			at = star + 1;
		} else return false;
	}
	while (pattern[at] === "*") at += 1;
	return at === pattern.length;
}
