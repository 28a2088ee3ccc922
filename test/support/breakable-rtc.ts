import wrtc from "@roamhq/wrtc";

/** WebRTC for Node whose connections can be cut from outside. */
export interface BreakableRtc {
	readonly rtc: typeof wrtc;
	/** Ends every connection made so far, without a word to its users. */
	cut(): void;
}

/** A new implementation; the connections of one are cut together. */
export function breakableRtc(): BreakableRtc {
	const made: RTCPeerConnection[] = [];
	class Breakable extends wrtc.RTCPeerConnection {
		constructor(configuration?: RTCConfiguration) {
			super(configuration);
			made.push(this);
		}
	}
	return {
		rtc: { ...wrtc, RTCPeerConnection: Breakable },
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
