// The gateway, with a look at what it costs.
import {
	createGateway,
	type Gateway,
	type GatewayOptions,
} from "@easyremote/gateway";
import { answer } from "../../support/answer.js";
import { addBenchPage } from "../page/bench-page.js";
import { usageCommands } from "../usage.js";

const usage = usageCommands();
let gateway: Gateway | undefined;
let functions = "";
answer({
	...usage,
	/** Resident memory after a collection, bytes. */
	memory: async () => {
		globalThis.gc?.();
		return process.memoryUsage.rss();
	},
	listen: async (options: GatewayOptions) => {
		gateway = createGateway({ port: 0, host: "127.0.0.1", ...options });
		addBenchPage(gateway, () => functions);
		await gateway.listen();
		return gateway.url;
	},
	/** The code of a tab's functions. */
	functions: async (code: string) => {
		functions = code;
	},
	close: async () => gateway?.close(),
});
