// A gateway as a process of its own, so that it can be measured, killed and started again.
import { createGateway, type GatewayOptions } from "@easyremote/gateway";
import { answer } from "../answer.js";

let gateway = createGateway();
let peakRss = 0;
let sampling: NodeJS.Timeout | undefined;

answer({
	listen: async (options: GatewayOptions) => {
		gateway = createGateway({ host: "127.0.0.1", port: 0, ...options });
		await gateway.listen();
		return { url: gateway.url, port: gateway.port };
	},
	/** Begins to look at the memory in use; gives what it is now, bytes. Started with --expose-gc. */
	watchMemory: async () => {
		globalThis.gc?.();
		const now = process.memoryUsage.rss();
		peakRss = now;
		sampling = setInterval(() => {
			peakRss = Math.max(peakRss, process.memoryUsage.rss());
		}, 10);
		return now;
	},
	/** The most that was in use since. */
	peakMemory: async () => {
		clearInterval(sampling);
		return Math.max(peakRss, process.memoryUsage.rss());
	},
});
