import { createHash } from "node:crypto";
import type { BundleManifest } from "@easyremote/shared/protocol";

/** What a test says of one published function. */
type PublishedFunction = Partial<BundleManifest["functions"][number]> & {
	readonly name: string;
};

export interface PublishedBundle {
	readonly name: string;
	readonly version?: string;
	/** One ES module. */
	readonly code?: string;
	readonly functions: readonly PublishedFunction[];
	/** API key, where publishing needs one. */
	readonly key?: string;
}

/** Publishes a bundle at a gateway, by HTTP. */
export async function publish(
	gateway: string,
	{ name, version = "1", code = "export {};", functions, key }: PublishedBundle,
): Promise<void> {
	const manifest = {
		name,
		version,
		sha256: createHash("sha256").update(code).digest("hex"),
		bytes: Buffer.byteLength(code),
		isolation: "reuse",
		functions,
	};
	const url = `${gateway}/api/bundles/${name}/${version}`;
	const answer = await fetch(url, {
		method: "PUT",
		headers: {
			"content-type": "application/json",
			...(key !== undefined && { authorization: `Bearer ${key}` }),
		},
		body: JSON.stringify({ manifest, code }),
	});
	if (!answer.ok)
		throw new Error(
			`publishing ${name} failed: ${answer.status} ${await answer.text()}`,
		);
}
