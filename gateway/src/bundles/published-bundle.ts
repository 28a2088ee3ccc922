import type { FunctionDescriptor } from "@easyremote/shared/protocol";
import { bundleFunctionName } from "@easyremote/shared/security";
import type { BundleRecord } from "../store/bundle-store.js";

/** One published version, with its functions as they are called. */
export interface PublishedBundle extends BundleRecord {
	/** By their names within the bundle; each descriptor is named in full, "bundle@version/function". */
	readonly functions: ReadonlyMap<string, FunctionDescriptor>;
}

/** Names the functions of a version in full. */
export function publishedBundle(record: BundleRecord): PublishedBundle {
	const { name, version, functions } = record.manifest;
	return {
		...record,
		functions: new Map(
			functions.map((each) => [
				each.name,
				{ ...each, name: bundleFunctionName(name, version, each.name) },
			]),
		),
	};
}
