export { createNode } from "./node/create-node.js";
export type { Node } from "./node/node.js";
export {
	NodeCallEvent,
	NodeErrorEvent,
	type NodeEventMap,
	type NodeState,
	NodeStateEvent,
} from "./node/node-events.js";
export type { NodeOptions } from "./node/node-options.js";
export type {
	MethodDecorator,
	Register,
	RegisterOptions,
} from "./register/register.js";
