import type { Provider } from "../protocol/provider.js";
import type { Route } from "./route-source.js";
import type { CallerSession } from "./session-source.js";

/** Where an attempt goes. */
export interface Destination {
	readonly nodeId: string;
	/** The node as it was when it was chosen: one that has died is in no route any more. */
	readonly provider: Provider;
	readonly route: Route;
	readonly session: CallerSession;
	/** Why this node, in a few words for humans. */
	readonly reason: string;
}
