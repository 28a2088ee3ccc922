import { packEnvelope } from "@easyremote/shared/codec";
import {
	type BundleOffer,
	type ControlPayload,
	type FunctionDescriptor,
	PROTOCOL,
} from "@easyremote/shared/protocol";
import type { PublishedBundle } from "./published-bundle.js";

/** Of a control message, what the offers in it may take, bytes: the rest is for what is around them. */
const MOST_BYTES = PROTOCOL.controlMessageBytes - 1024;

/**
 * What is published, as donors hear of it: the newest versions of all bundles first, then older ones, as much as one control
 * message holds. `leftOut` is how many versions it does not.
 */
export function offerList(
	bundles: Iterable<PublishedBundle>,
	isNewest: (bundle: PublishedBundle) => boolean,
): ControlPayload<"bundles"> {
	const ranked = [...bundles].map((bundle) => ({
		bundle,
		older: isNewest(bundle) ? 0 : 1,
	}));
	ranked.sort(
		(a, b) => a.older - b.older || b.bundle.publishedAt - a.bundle.publishedAt,
	);
	const offers: BundleOffer[] = [];
	let bytes = 0;
	for (const { bundle } of ranked) {
		const offer = offerOf(bundle);
		bytes += packEnvelope(offer).length;
		if (bytes > MOST_BYTES) break;
		offers.push(offer);
	}
	const leftOut = ranked.length - offers.length;
	return { bundles: offers, ...(leftOut > 0 && { leftOut }) };
}

function offerOf({
	manifest,
	publisher,
	publishedAt,
}: PublishedBundle): BundleOffer {
	return {
		...manifest,
		publisher,
		publishedAt,
		functions: manifest.functions.map(withoutSchemas),
	};
}

function withoutSchemas({
	input: _input,
	output: _output,
	...rest
}: FunctionDescriptor): FunctionDescriptor {
	return rest;
}
