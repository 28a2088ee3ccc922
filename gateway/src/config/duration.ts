import { toEasyRemoteError } from "@easyremote/shared/errors";
import { parseDuration } from "@easyremote/shared/functions";
import * as v from "valibot";

/** An option that is a time: milliseconds, or "30s". It comes out as milliseconds. */
export const duration = v.pipe(
	v.union([v.number(), v.string()]),
	v.rawTransform(({ dataset, addIssue, NEVER }) => {
		try {
			return parseDuration(dataset.value);
		} catch (error) {
			addIssue({ message: toEasyRemoteError(error).message });
			return NEVER;
		}
	}),
);
