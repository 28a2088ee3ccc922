// The node that the product's contenders call.
import { createNode, type NodeOptions } from "@easyremote/node-runtime";
import { answer } from "../../support/answer.js";
import * as functions from "./functions.js";

answer({
	/** Resident memory after a collection, bytes. */
	memory: async () => {
		globalThis.gc?.();
		return process.memoryUsage.rss();
	},
	serve: async (
		options: Pick<
			NodeOptions,
			"gateway" | "key" | "id" | "tags" | "maxConcurrent"
		>,
	) => {
		const node = createNode({
			id: "bench",
			maxConcurrent: 1000,
			maxQueue: 1000,
			maxCpuUsage: 1,
			maxMemoryUsage: 1,
			...options,
		});
		node.register(functions);
		// Its thread starts with the first call.
		await node.register(new URL("./isolated.js", import.meta.url));
		await node.serve();
	},
});
