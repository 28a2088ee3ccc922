import type { RtcImplementation } from "@easyremote/shared/peer";
import * as rtc from "node-datachannel/polyfill";

/** WebRTC for Node whose connections can be cut from outside. */
export interface BreakableRtc {
	readonly rtc: RtcImplementation;
	/** Ends every connection made so far, without a word to its users. */
	cut(): void;
}

/** A new implementation; the connections of one are cut together. */
export function breakableRtc(): BreakableRtc {
	const made: { close(): void }[] = [];
	class Breakable extends rtc.RTCPeerConnection {
		constructor(
			configuration?: ConstructorParameters<typeof rtc.RTCPeerConnection>[0],
		) {
			super(configuration);
			made.push(this);
		}
	}
	return {
		rtc: { ...rtc, RTCPeerConnection: Breakable },
		cut() {
			for (const connection of made.splice(0)) connection.close();
		},
	};
}

declare global {
	interface Window {
		cutConnections: () => void;
	}
}

/** The same for a page: to be run in it before anything else; then `window.cutConnections()`. */
export function makePageBreakable(): void {
	const { RTCPeerConnection } = globalThis;
	const made: RTCPeerConnection[] = [];
	globalThis.RTCPeerConnection = class extends RTCPeerConnection {
		constructor(configuration?: RTCConfiguration) {
			super(configuration);
			made.push(this);
		}
	};
	window.cutConnections = () => {
		for (const connection of made.splice(0)) connection.close();
	};
}
