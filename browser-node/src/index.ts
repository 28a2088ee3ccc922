export type {
	BrowserNode,
	BrowserNodeOptions,
	FunctionSource,
} from "./browser-node.js";
export type {
	BrowserNodeCall,
	BrowserNodeState,
	BrowserNodeStats,
	ByteCount,
} from "./node-facts.js";
export {
	BrowserNodeCallEvent,
	BrowserNodeErrorEvent,
	type BrowserNodeEventMap,
	BrowserNodeStateEvent,
} from "./browser-node-events.js";
export { createBrowserNode } from "./create-browser-node.js";
