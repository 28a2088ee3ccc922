import { EasyRemoteError } from "../errors/easyremote-error.js";
import { NAME_PATTERN, VERSION_PATTERN } from "../protocol/wire-types.js";

/** What a caller writes for a function, taken apart. */
export type FunctionRef =
	/** At any node that provides it. */
	| { readonly kind: "any"; readonly function: string }
	/** At that node. */
	| { readonly kind: "node"; readonly node: string; readonly function: string }
	/** Of a published bundle; the newest version unless one is named. */
	| {
			readonly kind: "bundle";
			readonly bundle: string;
			readonly version: string | undefined;
			readonly function: string;
	  };

/**
 * Reads a reference: "function", "node.function", "bundle/function" or "bundle@version/function". What is read holds
 * names only, whatever was hidden in the text. Throws INVALID_ARGUMENT.
 */
export function parseRef(text: string): FunctionRef {
	const slash = text.indexOf("/");
	const reference =
		slash < 0
			? readPlaced(text)
			: readBundled(text.slice(0, slash), text.slice(slash + 1));
	if (reference !== undefined) return reference;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`"${text.slice(0, 200)}" is not a reference to a function`,
		{
			hint: 'write "function", "node.function", "bundle/function" or "bundle@version/function"',
		},
	);
}

function readPlaced(text: string): FunctionRef | undefined {
	const [first, second, ...others] = text.split(".");
	if (!isName(first) || others.length > 0) return undefined;
	if (second === undefined) return { kind: "any", function: first };
	return isName(second)
		? { kind: "node", node: first, function: second }
		: undefined;
}

function readBundled(
	place: string,
	functionName: string,
): FunctionRef | undefined {
	const at = place.indexOf("@");
	const bundle = at < 0 ? place : place.slice(0, at);
	const version = at < 0 ? undefined : place.slice(at + 1);
	const valid =
		isName(bundle) &&
		isName(functionName) &&
		(version === undefined || VERSION_PATTERN.test(version));
	return valid
		? { kind: "bundle", bundle, version, function: functionName }
		: undefined;
}

function isName(text: string | undefined): text is string {
	return text !== undefined && NAME_PATTERN.test(text);
}

/** The name on the wire of a published function; without a version, of the newest. */
export function bundleFunctionName(
	bundle: string,
	version: string | undefined,
	functionName: string,
): string {
	const place = version === undefined ? bundle : `${bundle}@${version}`;
	return `${place}/${functionName}`;
}

/** A published function's name as grants speak of it: whatever the version. Other names as they are. */
export function withoutVersion(name: string): string {
	return name.includes("@") ? name.replace(/@[^/]*\//, "/") : name;
}
