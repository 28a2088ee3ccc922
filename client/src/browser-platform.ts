import { openWebSocket, type WebSocketLike } from "@easyremote/shared/channel";
import { watchConnection } from "@easyremote/shared/link";
import type { Platform } from "./platform.js";

/** Pages and Workers: their own WebSocket. */
export const platform: Platform = {
	agent: "easyremote-client (browser)",
	openSocket: (url, signal) =>
		// The DOM's types are stricter about buffers than its implementations.
		openWebSocket(
			(address) => new WebSocket(address) as WebSocketLike,
			url,
			signal,
		),
	holdOpen: (leave) => {
		const onHide = (event: Event) => {
			// A page kept for the way back is frozen, not gone.
			if (!(event as PageTransitionEvent).persisted) leave();
		};
		globalThis.addEventListener("pagehide", onHide);
		return () => globalThis.removeEventListener("pagehide", onHide);
	},
	watchNetwork: (changed) => watchConnection(globalThis, changed),
	environment: () => undefined,
};
