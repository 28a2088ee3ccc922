import wrtc from "@roamhq/wrtc";

class Unreachable extends wrtc.RTCPeerConnection {
	constructor(configuration?: RTCConfiguration) {
		super({ ...configuration, iceServers: [], iceTransportPolicy: "relay" });
	}
}

/** WebRTC for Node that finds no ICE candidate: only a TURN server's would do, and there is none. */
export const rtcWithoutCandidates: typeof wrtc = {
	...wrtc,
	RTCPeerConnection: Unreachable,
};

/** The same for a page: to be run in it before anything else. */
export function removeCandidatesFromPage(): void {
	const { RTCPeerConnection } = globalThis;
	globalThis.RTCPeerConnection = class extends RTCPeerConnection {
		constructor(configuration?: RTCConfiguration) {
			super({ ...configuration, iceServers: [], iceTransportPolicy: "relay" });
		}
	};
}
