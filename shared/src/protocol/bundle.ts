import { list, object, optional } from "../shapes/composed.js";
import {
	number,
	oneOf,
	type Shaped,
	that,
	wholeNumber,
} from "../shapes/shape.js";
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
	bytes: wholeNumber(1, MAX_BUNDLE_BYTES),
	description: optional(text),
	isolation: oneOf(...ISOLATIONS),
	/** Its exports, by their own names. */
	functions: that(
		list(functionDescriptor, 256),
		(functions) => functions.length > 0,
		"expected one at least",
	),
};

/** What a publisher says of a bundle. */
export const bundleManifest = object(identity);

/** A bundle as the gateway offers it to donors: without JSON Schemas, which are of no use to them. */
export const bundleOffer = object({
	...identity,
	/** Who published it, as the gateway vouches for it. */
	publisher: text,
	/** ms since the epoch. */
	publishedAt: number,
});

export type BundleManifest = Shaped<typeof bundleManifest>;
export type BundleOffer = Shaped<typeof bundleOffer>;
