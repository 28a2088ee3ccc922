/** One alternative name of a certificate. */
export interface AltName {
	/** "URI", "DNS", "IP Address", … */
	readonly kind: string;
	readonly value: string;
}

/** One entry and what separates it from the next. */
const ENTRY = /(?:^|, )([A-Za-z0-9. ]+):("(?:[^"\\]|\\.)*"|[^",]*)/y;

/**
 * Takes apart what Node.js makes of a certificate's subject alternative names, "URI:a, DNS:b". A value in which
 * anything could be mistaken comes quoted as a JSON string, so one that claims to hold further names does not get
 * away with it (CVE-2021-44532). A text of any other form holds no names.
 */
export function readAltNames(text: string | undefined): readonly AltName[] {
	const names: AltName[] = [];
	if (text === undefined) return names;
	ENTRY.lastIndex = 0;
	while (ENTRY.lastIndex < text.length) {
		const match = ENTRY.exec(text);
		const [, kind, value] = match ?? [];
		if (kind === undefined || value === undefined) return [];
		names.push({ kind, value: unquoted(value) });
	}
	return names;
}

function unquoted(value: string): string {
	return value.startsWith('"') ? String(JSON.parse(value)) : value;
}
