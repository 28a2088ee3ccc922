// A client as a process of its own.
import {
	type Client,
	type ClientOptions,
	createClient,
} from "@easyremote/client";
import { answer } from "../answer.js";
import { PathProbe, type PathOption } from "../path-probe.js";
import type * as Functions from "../functions.js";

let client: Client | undefined;
const node = (id: string) => {
	if (!client) throw new Error("connect first");
	return client.node<typeof Functions>(id);
};

answer({
	connect: async (options: ClientOptions) => {
		client = createClient(options);
	},
	/** A call that gives the path it took. */
	call: async ({
		nodeId,
		transport,
	}: {
		nodeId: string;
		transport: PathOption;
	}) => {
		const { meta } = await node(nodeId)
			.add.with({ transport })(1, 2)
			.withMeta();
		return meta.transport;
	},
	/** Begins a call that never ends by itself. */
	hang: async (nodeId: string) => {
		node(nodeId)
			.hang()
			.catch(() => {
				// Killed in mid-call: nobody will ask.
			});
	},
	echo: async ({
		gateway,
		nodeId,
		bytes,
		transport,
	}: {
		gateway: string;
		nodeId: string;
		bytes: number;
		transport: PathOption;
	}) => {
		const probe = new PathProbe(createClient, { gateway, nodeId });
		try {
			return await probe.echo(bytes, transport);
		} finally {
			await probe.close();
		}
	},
	/** Closes and lets the process end by itself. */
	leave: async () => {
		await client?.close();
		process.removeAllListeners("disconnect");
		setImmediate(() => process.disconnect());
	},
});
