import type { ClientOptions, createClient } from "@easyremote/client";
import { CALL_BYTES, type LoadDriver } from "../load-driver.js";
import type * as Functions from "./functions.js";

/** Where the gateway is, and the path to keep to. */
export type Connection = Required<Pick<ClientOptions, "gateway" | "transport">>;

/** Drives the product's client, in a process or a page, and says which path its first call took. */
export async function connectProduct(
	create: typeof createClient,
	{ gateway, transport }: Connection,
): Promise<{ driver: LoadDriver; transport: string | undefined }> {
	const client = create({ gateway, transport });
	const node = client.node<typeof Functions>("bench");
	const tiny = new Uint8Array(CALL_BYTES);
	const driver: LoadDriver = {
		call: async () => {
			await node.tiny(tiny);
		},
		upload: async (bytes) => {
			await node.keep(bytes);
		},
		download: () => node.kept(),
	};
	const { meta } = await node.tiny(tiny).withMeta();
	return { driver, transport: meta.transport };
}
