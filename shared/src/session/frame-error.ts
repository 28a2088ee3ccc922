import { packEnvelope, unpackEnvelope } from "../codec/envelope.js";
import { EasyRemoteError } from "../errors/easyremote-error.js";
import type { ErrorCode } from "../errors/error-codes.js";
import { fromWireError, toWireError } from "../errors/error-wire.js";
import { wireError } from "../protocol/wire-types.js";
import { Mismatch } from "../shapes/mismatch.js";

/** The body of a frame that says why something is over. */
export function packFrameError(error: EasyRemoteError): Uint8Array {
	return packEnvelope(toWireError(error));
}

/** Reads the error in a frame; a malformed one gives `code` and `message`, since the frame's meaning stands. */
export function readFrameError(
	body: Uint8Array,
	code: ErrorCode,
	message: string,
): EasyRemoteError {
	try {
		const read = wireError(unpackEnvelope(body));
		if (read instanceof Mismatch) return new EasyRemoteError(code, message);
		return fromWireError(read);
	} catch (cause) {
		return new EasyRemoteError(code, message, { cause });
	}
}
