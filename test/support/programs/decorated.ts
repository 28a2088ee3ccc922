// Decorators and `using` need a compiler that knows them, which tsx's and tsc are: so they are tested in a process of their own.
import { configure, createClient, remote } from "@easyremote/client";
import { createGateway } from "@easyremote/gateway";
import { createNode } from "@easyremote/node-runtime";
import { answer } from "../answer.js";

answer({
	serve: async (gateway: string) => {
		const node = createNode({ gateway, id: "decorated" });
		class Greeter {
			@node.register
			greet(name: string): string {
				return `hello ${name}`;
			}

			@node.register({ timeout: "50ms" })
			slow(): Promise<void> {
				return new Promise(() => {});
			}
		}
		new Greeter();
		await node.serve();
		configure({ gateway });
	},
	/** A call between three that are closed when their block is left: what they say of themselves then. */
	useUp: async () => {
		let left;
		let sum: number;
		{
			await using gateway = createGateway({ port: 0 });
			await gateway.listen();
			await using node = createNode({ gateway: gateway.url, id: "used" });
			node.register("add", (a: number, b: number) => a + b);
			await node.serve();
			await using client = createClient({ gateway: gateway.url });
			sum = await client.remote<typeof Math.max>("used.add")(1, 2);
			left = { client, node };
		}
		return { sum, client: left.client.state, node: left.node.state };
	},
	callDecorated: async (name: string) => {
		class Far {
			@remote({ node: "decorated" })
			async greet(_name: string): Promise<string> {
				throw new Error("the body was run");
			}
		}
		return new Far().greet(name);
	},
});
