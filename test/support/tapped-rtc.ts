import type { RtcImplementation } from "@easyremote/shared/peer";
import * as rtc from "node-datachannel/polyfill";

type Configuration = ConstructorParameters<typeof rtc.RTCPeerConnection>[0];
type Candidate = Parameters<rtc.RTCPeerConnection["addIceCandidate"]>[0];
type Description = Parameters<rtc.RTCPeerConnection["setRemoteDescription"]>[0];

/** WebRTC for Node that shows what a peer is told by the far end. */
export interface TappedRtc {
	readonly rtc: RtcImplementation;
	/** The far end's candidates, as they came in. */
	readonly candidates: readonly string[];
	/** The far end's offers and answers. */
	readonly descriptions: readonly string[];
}

/**
 * A new implementation.
 *
 * @param lies candidates that each connection claims to have found here, besides those it finds
 */
export function tappedRtc(lies: readonly string[] = []): TappedRtc {
	const candidates: string[] = [];
	const descriptions: string[] = [];
	class Tapped extends rtc.RTCPeerConnection {
		constructor(configuration?: Configuration) {
			super(configuration);
			const lie = (): void => {
				for (const candidate of lies)
					this.dispatchEvent(
						Object.assign(new Event("icecandidate"), {
							candidate: { candidate, sdpMid: "0", sdpMLineIndex: 0 },
						}),
					);
			};
			this.addEventListener("icegatheringstatechange", lie, { once: true });
		}

		override async addIceCandidate(candidate: Candidate): Promise<void> {
			if (candidate?.candidate) candidates.push(candidate.candidate);
			await super.addIceCandidate(candidate);
		}

		override async setRemoteDescription(
			description: Description,
		): Promise<void> {
			if (description.sdp !== undefined) descriptions.push(description.sdp);
			await super.setRemoteDescription(description);
		}
	}
	return {
		rtc: { ...rtc, RTCPeerConnection: Tapped },
		candidates,
		descriptions,
	};
}
