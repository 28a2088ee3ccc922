import { EasyRemoteError } from "../errors/easyremote-error.js";
import { present } from "../shapes/present.js";
import { candidateType } from "./peer-signals.js";
import { isRtc, type RtcImplementation } from "./is-rtc.js";
import { SharedRelays } from "./shared-relays.js";

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

interface CandidateEvent {
	readonly candidate?: { readonly candidate: string } | null;
}

/** The event that says that gathering is over. */
const NO_MORE = { candidate: null };

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

/** How a connection of node-datachannel is told from others: only it has this. */
const OF_DATACHANNEL = "ext_localCandidates";

/** Whether an implementation is node-datachannel's. */
export function runsOnDatachannel(rtc: RtcImplementation): boolean {
	return OF_DATACHANNEL in (rtc.RTCPeerConnection as ConnectionCtor).prototype;
}

/** libdatachannel takes from its socket in a thread of its own what SCTP then keeps: 1 MiB. */
const DATACHANNEL_ROOM_BYTES = 1024 ** 2;

/** As `DirectChannel.roomBytes`, of a connection of any implementation. */
export function roomOf(connection: object): number {
	return OF_DATACHANNEL in connection ? DATACHANNEL_ROOM_BYTES : 0;
}

/**
 * What simple-peer takes for granted of a browser's implementation and node-datachannel does otherwise: offers and
 * answers that can be written to (simple-peer puts the SDP it has looked through back into them), a label of any type,
 * and a last event without a candidate, which does no harm twice.
 */
export function rtcForSimplePeer(rtc: RtcImplementation): RtcImplementation {
	const Native = rtc.RTCPeerConnection as ConnectionCtor;
	const isDatachannel = runsOnDatachannel(rtc);
	class TolerantConnection extends Native {
		/** Where the policy "relay" only keeps our candidates back, this keeps it from asking strangers too. */
		readonly #relays: SharedRelays | undefined;

		constructor(configuration?: RTCConfiguration) {
			super(isDatachannel ? forDatachannel(configuration) : configuration);
			if (isDatachannel && configuration?.iceTransportPolicy === "relay")
				this.#relays = new SharedRelays();
			this.addEventListener("icecandidate", (event: CandidateEvent) => {
				if (event.candidate) this.#relays?.found(event.candidate.candidate);
			});
			this.addEventListener("icegatheringstatechange", () => {
				if (this.iceGatheringState !== "complete") return;
				this.dispatchEvent(Object.assign(new Event("icecandidate"), NO_MORE));
			});
		}

		override async addIceCandidate(
			candidate: RTCIceCandidateInit,
		): Promise<void> {
			if (this.#relays) {
				const text = candidate.candidate ?? "";
				if (candidateType(text) !== "relay") return;
				await this.#relays.shared(text);
			}
			await super.addIceCandidate(candidate);
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
	return { type, ...present({ sdp }) };
}

/**
 * Servers as node-datachannel takes them: it writes credentials into the server's URL, where some of their characters
 * would end them, and throws at `stuns:`, which it does not speak.
 */
function forDatachannel(
	configuration: RTCConfiguration = {},
): RTCConfiguration {
	const iceServers = (configuration.iceServers ?? []).flatMap((server) => {
		const urls = [server.urls].flat().filter((url) => !/^stuns:/i.test(url));
		if (urls.length === 0) return [];
		return {
			urls,
			...encoded("username", server.username),
			...encoded("credential", server.credential),
		};
	});
	return { ...configuration, iceServers };
}

function encoded(key: "username" | "credential", text: string | undefined) {
	return text === undefined ? {} : { [key]: encodeURIComponent(text) };
}
