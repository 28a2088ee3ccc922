import { dictionary, object, optional } from "../shapes/composed.js";
import {
	boolean,
	matching,
	string,
	textUpTo,
	unknown,
	wholeNumber,
} from "../shapes/shape.js";

/** A short text from a stranger. */
export const text = textUpTo(8_192);

/** Part of a function reference, or a node id (SECURITY: hostile names come in decoded from URLs). */
export const NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
export const name = matching(NAME_PATTERN);

/** The version of a bundle: a number, or part of the hash of its code. */
export const VERSION_PATTERN = /^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/;
export const version = matching(VERSION_PATTERN);

/** A function as it is called on the wire: its name, or "bundle/name", or "bundle@version/name" for a published one. */
export const FUNCTION_NAME_PATTERN =
	/^(?:[A-Za-z_][A-Za-z0-9_-]{0,63}(?:@[A-Za-z0-9][A-Za-z0-9.+_-]{0,63})?\/)?[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
export const functionName = matching(FUNCTION_NAME_PATTERN);

/** SHA-256, lower-case hex. */
export const sha256 = matching(/^[0-9a-f]{64}$/);

/** A random id: of a connection, an instance, a session, a call. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
export const id = matching(ID_PATTERN);

/** A session's number on one socket: 1 … 2³²−1, 0 being the control plane. */
export const sessionNumber = wholeNumber(1, 0xffff_ffff);

/** An error inside another message; the code is checked when it is rebuilt. */
export const wireError = object({
	code: text,
	message: string,
	hint: optional(string),
	callId: optional(text),
	details: optional(dictionary(unknown)),
	retryable: optional(boolean),
	remoteName: optional(text),
	remoteStack: optional(string),
});
