import { createNode } from "@easyremote/node-runtime";
import * as functions from "./functions.js";

const [id, gateway] = process.argv.slice(2);
if (!id || !gateway) throw new Error("usage: node.ts ID GATEWAY");

// All three share one machine here: its being busy is no reason to refuse work.
const node = createNode({ gateway, id, maxCpuUsage: 1 });
node.register(functions);
await node.serve();
process.send?.("serving");
