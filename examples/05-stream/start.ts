import { readFile } from "node:fs/promises";
import { createGateway } from "@easyremote/gateway";
import { createNode } from "@easyremote/node-runtime";
import * as functions from "./functions.js";

// One process for convenience: the node could as well run on any other machine, with the gateway's address and a key.
const gateway = createGateway({ port: Number(process.env.PORT ?? 8080) });
const page = await readFile(new URL("./index.html", import.meta.url), "utf8");
gateway.app.get("/story", (context) => context.html(page));
await gateway.listen();

const node = createNode({ gateway: gateway.url, id: "storyteller" });
node.register(functions);
await node.serve();
console.log(`Open ${gateway.url}/story and ask for a story`);

process.once("SIGINT", () => {
	void Promise.all([node.close(), gateway.close()]).then(() => process.exit(0));
});
