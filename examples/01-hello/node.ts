import { createNode } from "@easyremote/node-runtime";
import * as functions from "./functions.js";

const node = createNode({
	gateway: process.env.EASYREMOTE_GATEWAY ?? "http://127.0.0.1:8080",
	key: process.env.EASYREMOTE_KEY,
	id: "hello",
});
node.register(functions);
await node.serve();
console.log("hello serves add and tokens; Ctrl-C ends it");
process.once("SIGINT", () => void node.close().then(() => process.exit(0)));
