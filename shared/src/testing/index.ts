export { type Script, ScriptedCall } from "./scripted-call.js";
export { ScriptedGateway } from "./scripted-gateway.js";
export { ScriptedNode } from "./scripted-node.js";
