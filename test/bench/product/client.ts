// The caller, on one path.
import { type ClientOptions, createClient } from "@easyremote/client";
import { answer } from "../../support/answer.js";
import { loadCommands } from "../load-commands.js";
import { CALL_BYTES } from "../load-driver.js";
import { startUp } from "../measures/start-up.js";
import type * as Functions from "./functions.js";

const { commands, use } = loadCommands();
answer({
	...commands,
	connect: async ({
		gateway,
		transport,
	}: Required<Pick<ClientOptions, "gateway" | "transport">>) => {
		const client = createClient({ gateway, transport });
		const node = client.node<typeof Functions>("bench");
		const tiny = new Uint8Array(CALL_BYTES);
		use({
			call: async () => {
				await node.tiny(tiny);
			},
			upload: async (bytes) => {
				await node.keep(bytes);
			},
			download: () => node.kept(),
		});
		const { meta } = await node.tiny(tiny).withMeta();
		return meta.transport;
	},
	startUp,
});
