import { EasyRemoteError } from "@easyremote/shared/errors";
import * as v from "valibot";

/**
 * Checks options against their schema. Throws INVALID_ARGUMENT that names the key at fault by its path,
 * an unknown one as well. `what` is where they came from, such as "option" or a file's name.
 */
export function parseOptions<S extends v.GenericSchema>(
	schema: S,
	input: unknown,
	what: string,
): v.InferOutput<S> {
	if (typeof input !== "object" || input === null || Array.isArray(input))
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`expected an object of ${what}s`,
		);
	const result = v.safeParse(schema, input, { abortEarly: true });
	if (result.success) return result.output;
	const [issue] = result.issues;
	const path = v.getDotPath(issue);
	// A strict object's issue about a key that it does not have.
	const unknownKey =
		issue.type === "strict_object" && issue.expected === "never";
	const message = unknownKey
		? `unknown ${what} "${path ?? issue.received}"`
		: `invalid ${what}${path === null ? "s" : ` "${path}"`}: ${issue.message}`;
	throw new EasyRemoteError("INVALID_ARGUMENT", message, {
		details: { option: path ?? undefined },
	});
}
