import { createHash } from "node:crypto";
import type {
	BundleManifest,
	FunctionDescriptor,
} from "@easyremote/shared/protocol";

/** What a test publishes. */
export interface TestBundle {
	readonly name: string;
	readonly version?: string;
	/** One ES module. */
	readonly code: string;
	/** Names of its exports, with what is to be said of each. */
	readonly functions: Readonly<Record<string, Partial<FunctionDescriptor>>>;
	readonly isolation?: "reuse" | "call";
}

/** Publishes a bundle as `easyremote publish` does, by the gateway's HTTP. */
export async function publishBundle(
	gateway: string,
	{ name, version = "1", code, functions, isolation = "reuse" }: TestBundle,
	key?: string,
): Promise<Response> {
	const manifest: BundleManifest = {
		name,
		version,
		sha256: createHash("sha256").update(code).digest("hex"),
		bytes: Buffer.byteLength(code),
		isolation,
		functions: Object.entries(functions).map(([own, more]) => ({
			name: own,
			public: false,
			authRequired: true,
			idempotent: true,
			stream: false,
			...more,
		})),
	};
	return fetch(`${gateway}/api/bundles/${name}/${version}`, {
		method: "PUT",
		headers: {
			"content-type": "application/json",
			...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
		},
		body: JSON.stringify({ manifest, code }),
	});
}
