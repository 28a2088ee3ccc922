// A node as a process of its own. It ends on SIGTERM as a service should: drained, by itself, with 0.
import { createNode, type NodeOptions } from "@easyremote/node-runtime";
import { answer } from "../answer.js";
import * as functions from "../functions.js";
import * as volume from "../volume.js";

answer({
	serve: async (options: NodeOptions) => {
		const node = createNode({ maxCpuUsage: 1, maxMemoryUsage: 1, ...options });
		node.register(functions);
		node.register(volume);
		await node.serve();
		process.once("SIGTERM", () => {
			process.removeAllListeners("disconnect").disconnect();
			void node.close();
		});
	},
});
