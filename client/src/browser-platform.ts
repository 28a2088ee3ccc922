import { openWebSocket, type WebSocketLike } from "@easyremote/shared/channel";
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
	watchNetwork: (changed) => {
		globalThis.addEventListener("online", changed);
		// Chromium tells of every change of the way out, others only of the way back.
		const { connection } = globalThis.navigator as { connection?: EventTarget };
		connection?.addEventListener("change", changed);
		return () => {
			globalThis.removeEventListener("online", changed);
			connection?.removeEventListener("change", changed);
		};
	},
	environment: () => undefined,
};
