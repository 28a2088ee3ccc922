import { EasyRemoteError } from "@easyremote/shared/errors";
import {
	loadSimplePeer,
	type RtcImplementation,
	type SimplePeerCtor,
} from "@easyremote/shared/peer";

/**
 * simple-peer on a WebRTC implementation: `rtc`, or the optional dependency `@roamhq/wrtc`. Loaded at the
 * first direct connection, since the native code costs memory and a client may never need it.
 */
export async function loadPeer(
	rtc: object | undefined,
): Promise<SimplePeerCtor> {
	const [SimplePeer, wrtc] = await Promise.all([
		loadSimplePeer(),
		rtc === undefined ? loadWrtc() : checkRtc(rtc),
	]);
	return class extends SimplePeer {
		constructor(options: ConstructorParameters<SimplePeerCtor>[0]) {
			super({ ...options, wrtc });
		}
	};
}

async function loadWrtc(): Promise<RtcImplementation> {
	try {
		return checkRtc((await import("@roamhq/wrtc")).default);
	} catch (cause) {
		throw new EasyRemoteError("UNAVAILABLE", "WebRTC is not installed here", {
			cause,
			hint: "npm install @roamhq/wrtc, or pass another implementation as rtc",
		});
	}
}

function checkRtc(rtc: object): RtcImplementation {
	if (
		"RTCPeerConnection" in rtc &&
		"RTCSessionDescription" in rtc &&
		"RTCIceCandidate" in rtc
	)
		return rtc;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		'option "rtc" is not a WebRTC implementation',
		{
			hint: "it must have RTCPeerConnection, RTCSessionDescription and RTCIceCandidate",
		},
	);
}
