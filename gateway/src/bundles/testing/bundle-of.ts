import { createHash } from "node:crypto";
import type {
	BundleManifest,
	FunctionDescriptor,
} from "@easyremote/shared/protocol";

/** What a test says of a bundle. */
export interface BundleFields
	extends Partial<Omit<BundleManifest, "functions">> {
	readonly code?: string;
	/** Names alone, or with what is to be said of them. */
	readonly functions?: readonly (
		| string
		| (Partial<FunctionDescriptor> & { readonly name: string })
	)[];
}

/** A bundle `mandelbrot` 1 with a function `tile`, unless something else is said, and its code. */
export function bundleOf({
	code = "export const tile = () => 1;",
	functions = ["tile"],
	...fields
}: BundleFields = {}) {
	const manifest: BundleManifest = {
		name: "mandelbrot",
		version: "1",
		sha256: createHash("sha256").update(code).digest("hex"),
		bytes: Buffer.byteLength(code),
		isolation: "reuse",
		functions: functions.map((each) => ({
			public: false,
			authRequired: true,
			idempotent: true,
			stream: false,
			...(typeof each === "string" ? { name: each } : each),
		})),
		...fields,
	};
	return { manifest, code };
}
