// Decorators need a compiler that knows them, which tsx's is: so they are tested in a process of their own.
import { configure, remote } from "@easyremote/client";
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
