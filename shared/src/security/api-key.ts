import { toBase64Url } from "../codec/base64.js";

const ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 8;
const SECRET_BYTES = 32;
const PATTERN = /^er_([A-Za-z0-9]{8})_[A-Za-z0-9_-]{43}$/;

/** An API key, `er_<id>_<secret>`. */
export interface ApiKey {
	/** The whole of it: a secret. */
	readonly key: string;
	/** Its public part, which names it in lists and logs. */
	readonly id: string;
}

/** Makes a key of 256 random bits from the platform's secure source. */
export function createApiKey(): ApiKey {
	const secret = toBase64Url(
		crypto.getRandomValues(new Uint8Array(SECRET_BYTES)),
	);
	const id = randomId();
	return { key: `er_${id}_${secret}`, id };
}

/** Reads what may be a key; undefined if it does not have the form of one. */
export function parseApiKey(text: string): ApiKey | undefined {
	const id = PATTERN.exec(text)?.[1];
	return id === undefined ? undefined : { key: text, id };
}

/** Not evenly spread (256 is no multiple of 36), which an id need not be. */
function randomId(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(ID_LENGTH));
	return Array.from(bytes, (byte) =>
		ID_CHARACTERS.charAt(byte % ID_CHARACTERS.length),
	).join("");
}
