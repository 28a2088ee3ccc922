/** What a request says its body is. */
export interface ContentType {
	/** Media type, lower case, without parameters; empty if it says none. */
	readonly type: string;
	/** Charset, lower case, if it names one. */
	readonly charset: string | undefined;
}

/** Reads a `Content-Type` header (RFC 9110 §8.3); parameters other than `charset` mean nothing here. */
export function readContentType(header: string | undefined): ContentType {
	if (header === undefined) return { type: "", charset: undefined };
	const end = header.indexOf(";");
	if (end < 0) return { type: header.trim().toLowerCase(), charset: undefined };
	const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(header)?.[1];
	return {
		type: header.slice(0, end).trim().toLowerCase(),
		charset: charset?.toLowerCase(),
	};
}
