// Many nodes in one process, and when each of them was back.
import { createNode, type Node } from "@easyremote/node-runtime";
import { answer } from "../../support/answer.js";

const backAt: number[] = [];
let nodes: readonly Node[] = [];
const functions = { where: (): string => "here" };

answer({
	serve: async ({ gateway, count }: { gateway: string; count: number }) => {
		nodes = Array.from({ length: count }, (_, index) => {
			const node = createNode({
				gateway,
				id: `node-${index}`,
				direct: false,
				maxCpuUsage: 1,
				maxMemoryUsage: 1,
			});
			node.addEventListener("state", ({ state }) => {
				if (state === "online") backAt.push(Date.now());
			});
			node.register(functions);
			return node;
		});
		await Promise.all(nodes.map((node) => node.serve()));
		backAt.length = 0;
	},
	/** Answers once every node is online and has been away. */
	whenBack: async () => {
		while (backAt.length < nodes.length)
			await new Promise((resolve) => setTimeout(resolve, 20));
	},
	/** When nodes have been accepted again since all were there, ms since the epoch. */
	backAt: async () => backAt,
});
