import type { ErrorCode } from "@easyremote/shared/errors";

/** What a finished command tells its shell. */
export const EXIT = {
	ok: 0,
	failure: 1,
	usage: 2,
	unreachable: 3,
	denied: 4,
	interrupted: 130,
} as const;

/** The exit code that stands for an error. */
export function exitCodeFor(code: ErrorCode): number {
	switch (code) {
		case "INVALID_ARGUMENT":
			return EXIT.usage;
		case "UNAUTHENTICATED":
		case "PERMISSION_DENIED":
			return EXIT.denied;
		default:
			return EXIT.failure;
	}
}
