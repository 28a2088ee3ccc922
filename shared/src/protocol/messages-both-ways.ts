import { ERROR_CODES } from "../errors/error-codes.js";
import { dictionary, optional, tagged } from "../shapes/composed.js";
import {
	boolean,
	nullable,
	number,
	oneOf,
	string,
	textUpTo,
	unknown,
} from "../shapes/shape.js";
import { id, name, sessionNumber, text, wireError } from "./wire-types.js";
import { callerIdentity, message } from "./control-parts.js";

/** What peers say to the gateway and the gateway to peers, mostly on behalf of others. */
export const messagesBothWays = {
	session_open: message({
		session: sessionNumber,
		/** Chosen by the caller, secret between both ends and the gateway: reopening with it resumes. */
		sessionId: id,
		nodeId: name,
		/** Whether the caller wants a direct path. */
		direct: boolean,
		/** Stamped by the gateway; what a client writes here is thrown away. */
		caller: optional(callerIdentity),
	}),
	session_opened: message({ session: sessionNumber, direct: boolean }),
	session_close: message({
		session: sessionNumber,
		error: optional(wireError),
	}),
	signal: message({
		session: sessionNumber,
		/** One attempt at a peer connection; signals of an older attempt are ignored. */
		attempt: number,
		signal: tagged("kind", {
			request: {},
			description: {
				type: oneOf("offer", "answer"),
				sdp: textUpTo(32_768),
			},
			candidate: {
				candidate: textUpTo(2_048),
				sdpMid: nullable(text),
				sdpMLineIndex: nullable(number),
			},
			failed: {
				reason: text,
				/** What would help, for people. */
				fix: optional(text),
				/** WebRTC refused a description, which happens now and then: the same again may well succeed. */
				repeat: optional(boolean),
			},
		}),
	}),
	error: message({
		code: oneOf(...Object.keys(ERROR_CODES)),
		message: string,
		hint: optional(string),
		details: optional(dictionary(unknown)),
		retryable: optional(boolean),
	}),
};
