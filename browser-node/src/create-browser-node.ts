import type { BrowserNode, BrowserNodeOptions } from "./browser-node.js";
import type { NodeStart } from "./ports/page-port.js";
import { tabIdentity } from "./tab-identity.js";
import { coresToLend, TabNode } from "./tab-node.js";

/**
 * Makes this tab a node: the functions of an ES module, run in Web Workers, become callable through the gateway.
 * Nothing runs before `start`. Sockets, sessions and functions live in Workers, so that a busy or hidden page does
 * not slow them; closing the page ends all of it.
 *
 * @example
 * const node = createBrowserNode({ gateway: "https://gw.example.com", module: "./functions.js" });
 * node.addEventListener("state", ({ state }) => console.log(state, node.id));
 * await node.start();
 */
export function createBrowserNode(options: BrowserNodeOptions): BrowserNode {
	const settle = async (): Promise<NodeStart> => ({
		gateway: new URL(options.gateway, document.baseURI).href,
		key: options.key,
		id: options.id ?? (await tabIdentity()),
		// Two at least: a call that takes long is in the way of none that does not.
		maxConcurrent: options.maxConcurrent ?? Math.max(2, coresToLend()),
		maxQueue: options.maxQueue,
		direct: options.direct !== false && "RTCPeerConnection" in globalThis,
		iceTransportPolicy: options.iceTransportPolicy ?? "all",
		maxPeerConnections: options.maxPeerConnections,
		tags: options.tags ?? [],
	});
	return new TabNode({ source: options.module, settle }, options.id);
}
