import { EasyRemoteError } from "../errors/easyremote-error.js";
import { candidateType } from "./peer-signals.js";

/** What a WebRTC implementation for Node brings along, for example `node-datachannel/polyfill` or `@roamhq/wrtc`. */
export interface RtcImplementation {
	readonly RTCPeerConnection: unknown;
	readonly RTCSessionDescription: unknown;
	readonly RTCIceCandidate: unknown;
}

/** The part of an `RTCPeerConnection` that is adapted here. */
interface Connection
	extends Pick<
		RTCPeerConnection,
		"addEventListener" | "dispatchEvent" | "iceGatheringState"
	> {
	createDataChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel;
	addIceCandidate(candidate: RTCIceCandidateInit): Promise<void>;
	createOffer(): Promise<RTCSessionDescriptionInit>;
	createAnswer(): Promise<RTCSessionDescriptionInit>;
}

interface ConnectionCtor {
	new (configuration?: RTCConfiguration): Connection;
	readonly prototype: Connection;
}

/** The event that says that gathering is over. */
const NO_MORE = { candidate: null };

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

/** Checks what a user passed as `rtc`. Throws INVALID_ARGUMENT if it is something else. */
export function checkRtc(rtc: unknown): RtcImplementation {
	if (isRtc(rtc)) return rtc;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		'option "rtc" is not a WebRTC implementation',
		{
			hint: "it must have RTCPeerConnection, RTCSessionDescription and RTCIceCandidate",
		},
	);
}

/**
 * What simple-peer takes for granted of a browser's implementation and node-datachannel does otherwise: offers and
 * answers that can be written to (simple-peer puts the SDP it has looked through back into them), a label of any type,
 * and a last event without a candidate, which does no harm twice.
 */
export function rtcForSimplePeer(rtc: RtcImplementation): RtcImplementation {
	const Native = rtc.RTCPeerConnection as ConnectionCtor;
	// Only node-datachannel has this. It writes credentials into the server's URL, where some of their characters end them.
	const credentialsInUrl = "ext_localCandidates" in Native.prototype;
	class TolerantConnection extends Native {
		readonly #relayOnly: boolean;

		constructor(configuration?: RTCConfiguration) {
			super(
				credentialsInUrl ? encodeCredentials(configuration) : configuration,
			);
			this.#relayOnly = configuration?.iceTransportPolicy === "relay";
			this.addEventListener("icegatheringstatechange", () => {
				if (this.iceGatheringState !== "complete") return;
				this.dispatchEvent(Object.assign(new Event("icecandidate"), NO_MORE));
			});
		}

		/** The policy "relay" hides our candidates there, but asks the far end's from our own address. */
		override async addIceCandidate(
			candidate: RTCIceCandidateInit,
		): Promise<void> {
			const hides = candidateType(candidate.candidate ?? "") === "relay";
			if (!this.#relayOnly || hides) await super.addIceCandidate(candidate);
		}

		override async createOffer(): Promise<RTCSessionDescriptionInit> {
			return writable(await super.createOffer());
		}

		override async createAnswer(): Promise<RTCSessionDescriptionInit> {
			return writable(await super.createAnswer());
		}

		override createDataChannel(
			label: unknown,
			init?: RTCDataChannelInit,
		): RTCDataChannel {
			return super.createDataChannel(String(label), init);
		}
	}
	return {
		RTCPeerConnection: TolerantConnection,
		RTCSessionDescription: rtc.RTCSessionDescription,
		RTCIceCandidate: rtc.RTCIceCandidate,
	};
}

function writable({
	type,
	sdp,
}: RTCSessionDescriptionInit): RTCSessionDescriptionInit {
	return { type, ...(sdp === undefined ? {} : { sdp }) };
}

function encodeCredentials(
	configuration: RTCConfiguration = {},
): RTCConfiguration {
	return {
		...configuration,
		iceServers: (configuration.iceServers ?? []).map((server) => ({
			...server,
			...encoded("username", server.username),
			...encoded("credential", server.credential),
		})),
	};
}

function encoded(key: "username" | "credential", text: string | undefined) {
	return text === undefined ? {} : { [key]: encodeURIComponent(text) };
}
