// A gateway as a process of its own, so that it can be measured, killed and started again.
import { createGateway, type GatewayOptions } from "@easyremote/gateway";
import { answer } from "../answer.js";

/** Bytes. */
export interface MemoryUse {
	/** Of the process, what waits for its garbage collector included. */
	readonly rss: number;
	/** Reachable: what is left once the garbage is gone. */
	readonly held: number;
}

/** A look stops the gateway for two collections, so it must not look all the time. */
const LOOK_MS = 100;

let gateway = createGateway();
let peak: MemoryUse = { rss: 0, held: 0 };
let sampling: NodeJS.Timeout | undefined;

answer({
	listen: async (options: GatewayOptions) => {
		gateway = createGateway({ host: "127.0.0.1", port: 0, ...options });
		await gateway.listen();
		return { url: gateway.url, port: gateway.port, key: gateway.initialKey };
	},
	/** Begins to look at the memory in use. Started with --expose-gc. */
	watchMemory: async () => {
		clearInterval(sampling);
		peak = look();
		sampling = setInterval(() => {
			const now = look();
			peak = {
				rss: Math.max(peak.rss, now.rss),
				held: Math.max(peak.held, now.held),
			};
		}, LOOK_MS);
	},
	/** The most since then. */
	peakMemory: async () => {
		clearInterval(sampling);
		return peak;
	},
});

function look(): MemoryUse {
	const { rss } = process.memoryUsage();
	// The first finds the garbage; the second waits until its buffers are freed, which another thread does.
	globalThis.gc?.();
	globalThis.gc?.();
	// Buffers are all that is large here; `external` counts them too, but hears of those that are gone much later.
	const { heapUsed, arrayBuffers } = process.memoryUsage();
	return { rss, held: heapUsed + arrayBuffers };
}
