import * as v from "valibot";
import { functionDescriptor } from "./provider.js";
import { name, sha256, text, version } from "./wire-types.js";

/** Most code in one bundle, bytes. */
export const MAX_BUNDLE_BYTES = 5 * 1024 * 1024;

/** Whether a Worker that ran one call of a bundle may run another. */
export const ISOLATIONS = ["reuse", "call"] as const;

const identity = {
	name,
	version,
	/** Of the code, which is one ES module. */
	sha256,
	/** Length of the code, bytes of UTF-8. */
	bytes: v.pipe(
		v.number(),
		v.integer(),
		v.minValue(1),
		v.maxValue(MAX_BUNDLE_BYTES),
	),
	description: v.optional(text),
	isolation: v.picklist(ISOLATIONS),
	/** Its exports, by their own names. */
	functions: v.pipe(
		v.array(functionDescriptor),
		v.minLength(1),
		v.maxLength(256),
	),
};

/** What a publisher says of a bundle. */
export const bundleManifest = v.object(identity);

/** A bundle as the gateway offers it to donors: without JSON Schemas, which are of no use to them. */
export const bundleOffer = v.object({
	...identity,
	/** Who published it, as the gateway vouches for it. */
	publisher: text,
	/** ms since the epoch. */
	publishedAt: v.number(),
});

export type BundleManifest = v.InferOutput<typeof bundleManifest>;
export type BundleOffer = v.InferOutput<typeof bundleOffer>;
