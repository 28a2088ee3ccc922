import { EasyRemoteError } from "@easyremote/shared/errors";
import { NAME_PATTERN, VERSION_PATTERN } from "@easyremote/shared/protocol";

/** Checks the name of a bundle in a path, which strangers write. Throws INVALID_ARGUMENT. */
export function checkBundleName(text: string | undefined): string {
	return checked("name", text, NAME_PATTERN);
}

/** The same for its version. */
export function checkBundleVersion(text: string | undefined): string {
	return checked("version", text, VERSION_PATTERN);
}

function checked(what: string, text = "", pattern: RegExp): string {
	if (pattern.test(text)) return text;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`"${text.slice(0, 200)}" is not the ${what} of a bundle`,
		{
			hint: `It has to match ${pattern.source}.`,
		},
	);
}
