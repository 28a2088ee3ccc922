import wrtc from "@roamhq/wrtc";
import type { RtcImplementation } from "@easyremote/shared/peer";
import * as rtc from "node-datachannel/polyfill";

/** Only a TURN server's candidates would do, and there is none. */
function unreachable(config: object): object {
	return { ...config, iceServers: [], iceTransportPolicy: "relay" };
}

class Unreachable extends rtc.RTCPeerConnection {
	constructor(config: ConstructorParameters<typeof rtc.RTCPeerConnection>[0]) {
		super(unreachable(config ?? {}));
	}

	/** This implementation would ask the far end all the same. */
	override async addIceCandidate(): Promise<void> {}
}

/** node-datachannel that finds no ICE candidate. */
export const rtcWithoutCandidates: RtcImplementation = {
	...rtc,
	RTCPeerConnection: Unreachable,
};

class OtherUnreachable extends wrtc.RTCPeerConnection {
	constructor(config: RTCConfiguration = {}) {
		super(unreachable(config));
	}
}

/** @roamhq/wrtc that finds no ICE candidate. */
export const wrtcWithoutCandidates: RtcImplementation = {
	...wrtc,
	RTCPeerConnection: OtherUnreachable,
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
