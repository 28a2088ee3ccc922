import { EasyRemoteError } from "../errors/easyremote-error.js";
import { withoutVersion } from "./function-ref.js";
import { isGlob, matchesGlob } from "./glob.js";

/** What a grant is about. */
export const GRANT_KINDS = ["call", "node", "publish"] as const;

/**
 * A right, as it stands in keys and tokens; `*` in a pattern is any number of characters but ".".
 *
 * - `call:resize`, `call:resize*`: to call these functions, at any node; `call:gpu-1.resize`, `call:gpu-*.*`: at these.
 * - `call:mandelbrot/*`: to call the functions of that bundle, in any version.
 * - `node:gpu-*`: to be a node of such an id, with any functions; `node:gpu-1.resize*`: with these only.
 * - `publish:image-*`: to publish such bundles.
 * - `trusted`: to be a donor whose results are taken without comparing them with others'.
 * - `metrics`: to read the gateway's metrics.
 * - `admin`: everything.
 */
export type Grant =
	| `${(typeof GRANT_KINDS)[number]}:${string}`
	| "metrics"
	| "trusted"
	| "admin";

/** Reads a grant. Throws INVALID_ARGUMENT. */
export function parseGrant(text: string): Grant {
	if (isGrant(text)) return text;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`"${text.slice(0, 200)}" is not a grant`,
		{
			hint: "write call:PATTERN, node:PATTERN, publish:PATTERN, metrics, trusted or admin, where * is any characters but a dot",
		},
	);
}

/** Whether a text is a grant. What is none grants nothing. */
export function isGrant(text: string): text is Grant {
	if (text === "admin" || text === "metrics" || text === "trusted") return true;
	const kind = GRANT_KINDS.find((known) => text.startsWith(`${known}:`));
	return kind !== undefined && isGlob(text.slice(kind.length + 1));
}

/** Whether these grants allow to call a function at a node. */
export function mayCall(
	grants: readonly string[],
	nodeId: string,
	functionName: string,
): boolean {
	const called = withoutVersion(functionName);
	return isGranted(
		grants,
		"call",
		(pattern) =>
			matchesGlob(pattern, called) ||
			matchesGlob(pattern, `${nodeId}.${called}`),
	);
}

/** Whether these grants allow to be a node of that id, whatever it may then register. */
export function mayRegister(
	grants: readonly string[],
	nodeId: string,
): boolean {
	return isGranted(grants, "node", (pattern) =>
		matchesGlob(splitAtDot(pattern).before, nodeId),
	);
}

/** Whether these grants allow a node of that id to register a function of that name. */
export function mayRegisterFunction(
	grants: readonly string[],
	nodeId: string,
	functionName: string,
): boolean {
	return isGranted(grants, "node", (pattern) => {
		const { before, after } = splitAtDot(pattern);
		return (
			matchesGlob(before, nodeId) &&
			(after === undefined || matchesGlob(after, functionName))
		);
	});
}

/** Whether these grants allow to publish a bundle of that name. */
export function mayPublish(
	grants: readonly string[],
	bundleName: string,
): boolean {
	return isGranted(grants, "publish", (pattern) =>
		matchesGlob(pattern, bundleName),
	);
}

function isGranted(
	grants: readonly string[],
	kind: (typeof GRANT_KINDS)[number],
	covers: (pattern: string) => boolean,
): boolean {
	const prefix = `${kind}:`;
	return grants.some(
		(grant) =>
			grant === "admin" ||
			(grant.startsWith(prefix) && covers(grant.slice(prefix.length))),
	);
}

function splitAtDot(pattern: string): {
	readonly before: string;
	readonly after: string | undefined;
} {
	const dot = pattern.indexOf(".");
	return dot < 0
		? { before: pattern, after: undefined }
		: { before: pattern.slice(0, dot), after: pattern.slice(dot + 1) };
}
