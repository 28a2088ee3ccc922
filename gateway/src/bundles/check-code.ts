import { createHash } from "node:crypto";
import { EasyRemoteError } from "@easyremote/shared/errors";
import {
	type BundleManifest,
	MAX_BUNDLE_BYTES,
} from "@easyremote/shared/protocol";

/** Throws RESOURCE_EXHAUSTED (413) if the code is larger than any bundle's may be. */
export function checkSize(code: Uint8Array): void {
	if (code.length <= MAX_BUNDLE_BYTES) return;
	throw new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		`the code takes ${code.length} bytes; at most ${MAX_BUNDLE_BYTES} are allowed`,
		{
			hint: "Leave data out of it, and pass that as an argument.",
			details: { reason: "payload_too_large", limit: MAX_BUNDLE_BYTES },
			retryable: false,
		},
	);
}

/** Throws INVALID_ARGUMENT if the code is not what the manifest says it is. */
export function checkCode(
	code: Uint8Array,
	{ bytes, sha256 }: BundleManifest,
): void {
	if (code.length !== bytes)
		throw mismatch("bytes", String(code.length), String(bytes));
	const found = createHash("sha256").update(code).digest("hex");
	if (found !== sha256) throw mismatch("sha256", found, sha256);
}

function mismatch(
	field: "bytes" | "sha256",
	found: string,
	said: string,
): EasyRemoteError {
	return new EasyRemoteError(
		"INVALID_ARGUMENT",
		`manifest.${field}: the code has ${found}, not ${said}`,
		{
			hint: "Both are of the code's UTF-8. easyremote publish writes them.",
			details: {
				issues: [
					{ path: `manifest.${field}`, message: "does not match the code" },
				],
			},
		},
	);
}
