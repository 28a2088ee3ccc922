import { EasyRemoteError } from "@easyremote/shared/errors";
import { listIssues } from "@easyremote/shared/functions";
import {
	type BundleManifest,
	bundleManifest,
	functionDescriptor,
	NAME_PATTERN,
} from "@easyremote/shared/protocol";
import { schemaOf, schemasOf } from "@easyremote/shared/shapes";
import * as v from "valibot";
import { RESERVED_NAMES } from "./reserved-names.js";

/** Most that a manifest may take as JSON, bytes: what donors hear of a bundle has to fit into one control message. */
export const MAX_MANIFEST_BYTES = 128 * 1024;
/** Deepest nesting of a manifest: schemas in it are passed on to whoever lists functions. */
const MAX_DEPTH = 64;

/** What may be left out of a function that is published: it is there for whoever has a grant, and safe to run twice. */
const publishedFunction = v.object({
	...schemasOf(functionDescriptor.fields),
	name: v.pipe(
		v.string(),
		v.regex(NAME_PATTERN, "expected the name of an export"),
	),
	public: v.optional(v.boolean(), false),
	authRequired: v.optional(v.boolean(), true),
	idempotent: v.optional(v.boolean(), true),
	stream: v.optional(v.boolean(), false),
});

const publishedManifest = v.object({
	...schemasOf(bundleManifest.fields),
	name: v.pipe(
		schemaOf(bundleManifest.fields.name),
		v.check((name) => !RESERVED_NAMES.has(name), "this name is reserved"),
	),
	functions: v.pipe(
		v.array(publishedFunction),
		v.minLength(1, "expected one function at least"),
		v.maxLength(256),
		v.check(
			(functions) =>
				new Set(functions.map(({ name }) => name)).size === functions.length,
			"expected every function once",
		),
	),
});

/**
 * Reads what a publisher says of a bundle that is to be published at `place`. Throws INVALID_ARGUMENT that names what is
 * wrong by its path.
 */
export function checkManifest(
	input: unknown,
	place: Pick<BundleManifest, "name" | "version">,
): BundleManifest {
	if (!isWithin(input, MAX_DEPTH))
		throw new EasyRemoteError(
			"INVALID_ARGUMENT",
			`the manifest is nested more than ${MAX_DEPTH} deep`,
		);
	const result = publishedManifest["~standard"].validate(input);
	// Every check here is synchronous, so a promise never comes.
	if (result instanceof Promise)
		throw new TypeError("a manifest was checked asynchronously");
	if (result.issues) {
		const { issues, summary } = listIssues([
			{ at: "manifest", issues: result.issues },
		]);
		throw new EasyRemoteError("INVALID_ARGUMENT", summary, {
			details: { issues },
		});
	}
	const manifest = result.value;
	for (const field of ["name", "version"] as const)
		if (manifest[field] !== place[field])
			throw new EasyRemoteError(
				"INVALID_ARGUMENT",
				`manifest.${field} is ${manifest[field]}, the path has ${place[field]}`,
			);
	const bytes = Buffer.byteLength(JSON.stringify(manifest));
	if (bytes <= MAX_MANIFEST_BYTES) return manifest;
	throw new EasyRemoteError(
		"RESOURCE_EXHAUSTED",
		`the manifest takes ${bytes} bytes; at most ${MAX_MANIFEST_BYTES} are allowed`,
		{
			hint: "Shorten descriptions and schemas.",
			details: { reason: "payload_too_large", limit: MAX_MANIFEST_BYTES },
			retryable: false,
		},
	);
}

function isWithin(value: unknown, depth: number): boolean {
	if (typeof value !== "object" || value === null) return true;
	return (
		depth > 0 &&
		Object.values(value).every((inner) => isWithin(inner, depth - 1))
	);
}
