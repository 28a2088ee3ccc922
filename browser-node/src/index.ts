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
	DonatedBundle,
	DonorState,
} from "./node-facts.js";
export {
	BrowserNodeCallEvent,
	BrowserNodeErrorEvent,
	type BrowserNodeEventMap,
	BrowserNodeStateEvent,
} from "./browser-node-events.js";
export { createBrowserNode } from "./create-browser-node.js";
export type { Donor, DonorOptions } from "./donor/donor.js";
export {
	BundlesEvent,
	type DonorEventMap,
	DonorStateEvent,
} from "./donor/donor-events.js";
export { createDonor } from "./donor/create-donor.js";
