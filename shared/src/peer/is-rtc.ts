/** What a WebRTC implementation for Node brings along, for example `node-datachannel/polyfill` or `@roamhq/wrtc`. */
export interface RtcImplementation {
	readonly RTCPeerConnection: unknown;
	readonly RTCSessionDescription: unknown;
	readonly RTCIceCandidate: unknown;
}

/** Whether `value` has what makes a WebRTC implementation. */
export function isRtc(value: unknown): value is RtcImplementation {
	return (
		typeof value === "object" &&
		value !== null &&
		"RTCPeerConnection" in value &&
		"RTCSessionDescription" in value &&
		"RTCIceCandidate" in value
	);
}
