import { createGateway } from "@easyremote/gateway";
import { createNode } from "@easyremote/node-runtime";

// One process for convenience: the node could as well run on any other machine, with the gateway's address and a key.
const gateway = createGateway({ port: Number(process.env.PORT ?? 8080) });
await gateway.listen();

const node = createNode({ gateway: gateway.url, id: "worker" });
node.register({
	greet: (name: string, { greeting = "Hello" }: { greeting?: string } = {}) =>
		`${greeting}, ${name}`,
	reverse: (bytes: Uint8Array) => bytes.toReversed(),
	async *countdown(from: number) {
		for (let n = from; n > 0; n -= 1) yield n;
	},
	divide: (a: number, b: number) => {
		if (b === 0) throw new RangeError("division by zero");
		return a / b;
	},
});
await node.serve();
console.log(`Call ${gateway.url}`);

process.once("SIGINT", () => {
	void Promise.all([node.close(), gateway.close()]).then(() => process.exit(0));
});
