import { type Clock, ManualClock } from "@easyremote/shared/time";
import pino from "pino";
import { DEFAULT_LIMITS } from "../../config/gateway-limits.js";
import { createMemoryStore } from "../../store/memory-store.js";
import { BundleCatalogue } from "../bundle-catalogue.js";
import { type BundleFields, bundleOf } from "./bundle-of.js";

/** A catalogue in memory, and a short way to publish. */
export function openCatalogue(clock: Clock = new ManualClock()) {
	const bundles = new BundleCatalogue({
		store: createMemoryStore().bundles,
		limits: DEFAULT_LIMITS,
		clock,
		log: pino({ level: "silent" }),
	});
	return {
		bundles,
		publish(fields: BundleFields = {}) {
			const { manifest, code } = bundleOf(fields);
			return bundles.publish(manifest, Buffer.from(code), "laptop");
		},
	};
}
