// A client as a process of its own.
import {
	type Client,
	type ClientOptions,
	createClient,
} from "@easyremote/client";
import { EasyRemoteError } from "@easyremote/shared";
import { answer } from "../answer.js";
import { gate } from "../gate.js";
import { PathProbe, type PathOption } from "../path-probe.js";
import type * as Functions from "../functions.js";

interface StreamLoad {
	readonly gateway: string;
	readonly nodeId: string;
	readonly direction: "up" | "down";
	readonly bytes: number;
	readonly transport: PathOption;
}

let client: Client | undefined;
const failed = gate();
let echoed: Promise<boolean> = Promise.resolve(false);
const node = (id: string) => {
	if (!client) throw new Error("connect first");
	return client.node<typeof Functions>(id);
};

answer({
	connect: async (options: ClientOptions) => {
		client = createClient(options);
		client.addEventListener("route", ({ detail }) => {
			if (detail.kind === "path" && detail.report?.state === "failed")
				failed.open();
		});
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
	/** Calls until one takes the direct path, or for so long, ms; gives how the last one went. */
	settle: async ({ nodeId, forMs }: { nodeId: string; forMs: number }) => {
		const until = performance.now() + forMs;
		for (;;) {
			const { meta } = await node(nodeId).add(1, 2).withMeta();
			if (meta.transport === "direct" || performance.now() > until) return meta;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	},
	/** Calls, once an attempt at a direct path has failed; gives what the call says of why it went by the relay. */
	explain: async (nodeId: string) => {
		await node(nodeId).add(1, 2);
		await failed.opened;
		const { meta } = await node(nodeId).add(1, 2).withMeta();
		return meta.pathReason;
	},
	/** Begins to echo so many bytes; gives how long it took until they were under way, ms. */
	startEcho: async ({ nodeId, bytes }: { nodeId: string; bytes: number }) => {
		const sent = new Uint8Array(bytes).map((_, index) => (index * 31) % 251);
		const begun = performance.now();
		const call = node(nodeId).echo(sent);
		echoed = call.then(
			(back) => Buffer.compare(back as Uint8Array, sent) === 0,
		);
		for await (const event of call.events())
			if (event.type === "transfer" && event.sent > bytes / 8) break;
		return performance.now() - begun;
	},
	/** Calls until one is answered; gives how it went, and how long it took, ms. */
	reconnect: async (nodeId: string) => {
		const begun = performance.now();
		for (;;) {
			try {
				const { meta } = await node(nodeId).add(1, 2).withMeta();
				return { meta, ms: performance.now() - begun };
			} catch (error) {
				if (!(error instanceof EasyRemoteError && error.retryable)) throw error;
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		}
	},
	/** Whether every byte of it came back. */
	echoed: () => echoed,
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
	/** Streams so many bytes; gives what arrived. */
	stream: async ({
		gateway,
		nodeId,
		direction,
		bytes,
		transport,
	}: StreamLoad) => {
		const probe = new PathProbe(createClient, { gateway, nodeId });
		try {
			return await probe.stream(direction, bytes, transport);
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
