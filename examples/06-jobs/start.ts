import { setTimeout } from "node:timers/promises";
import { createGateway } from "@easyremote/gateway";
import { createNode } from "@easyremote/node-runtime";
import { define } from "@easyremote/shared";

// Jobs are kept in a folder, so that they outlive this program too; without `store` they are in memory.
const gateway = createGateway({
	port: Number(process.env.PORT ?? 8080),
	...(process.env.DATA && { store: { path: process.env.DATA } }),
});
await gateway.listen();

/** Fits a line to nothing in particular, and takes its time. */
export const train = define({}, async (call, epochs: number) => {
	const started = performance.now();
	for (let epoch = 1; epoch <= epochs; epoch += 1) {
		await setTimeout(1_000, undefined, { signal: call.signal });
		call.progress({
			fraction: epoch / epochs,
			message: `epoch ${epoch} of ${epochs}`,
		});
	}
	return {
		weights: new Float32Array(epochs).map((_, epoch) => 1 / (epoch + 1)),
		seconds: Math.round((performance.now() - started) / 1000),
	};
});

const node = createNode({ gateway: gateway.url, id: "forge" });
node.register({ train });
await node.serve();
console.log(`Leave a job at ${gateway.url}`);

process.once("SIGINT", () => {
	void Promise.all([node.close(), gateway.close()]).then(() => process.exit(0));
});
