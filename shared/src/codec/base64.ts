/** Base64 (RFC 4648 §4) or base64url (§5), padded or not. */
const VALID = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** So many arguments a call takes without a stack overflow in any engine. */
const CHUNK = 0x2000;

/** Bytes as base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
	const pieces: string[] = [];
	for (let start = 0; start < bytes.length; start += CHUNK)
		pieces.push(String.fromCharCode(...bytes.subarray(start, start + CHUNK)));
	return btoa(pieces.join(""));
}

/** Bytes as base64url without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
	return toBase64(bytes)
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replace(/=+$/, "");
}

/** Reads base64 or base64url, padded or not; undefined if it is neither. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
	if (!VALID.test(text)) return undefined;
	let binary: string;
	try {
		binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	} catch {
		return undefined;
	}
	const bytes = new Uint8Array(binary.length);
	for (let index = 0; index < binary.length; index++)
		bytes[index] = binary.charCodeAt(index);
	return bytes;
}
