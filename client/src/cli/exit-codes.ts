import type { EasyRemoteError } from "@easyremote/shared/errors";

/** What a finished command tells its shell. */
export const EXIT = {
	ok: 0,
	failure: 1,
	usage: 2,
	unreachable: 3,
	denied: 4,
	interrupted: 130,
} as const;

/**
 * The exit code that stands for an error.
 *
 * @param connected whether there was a connection to the gateway when it came
 */
export function exitCodeFor(
	error: EasyRemoteError,
	connected: boolean,
): number {
	switch (error.code) {
		case "UNAUTHENTICATED":
		case "PERMISSION_DENIED":
			return EXIT.denied;
		case "INVALID_ARGUMENT":
			// What a call was refused for is no misuse of this command.
			return error.callId === undefined ? EXIT.usage : EXIT.failure;
		case "UNAVAILABLE":
		case "DEADLINE_EXCEEDED":
			return connected ? EXIT.failure : EXIT.unreachable;
		default:
			return EXIT.failure;
	}
}
