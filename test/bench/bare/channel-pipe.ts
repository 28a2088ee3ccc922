import * as rtc from "node-datachannel/polyfill";
import type { BarePipe } from "./pipe.js";

/** Handed to the channel before the sender looks how much is still queued, bytes. */
const BURST_BYTES = 1024 ** 2;
/** Far below the 16 MB from which this implementation loses messages; the queue hides about 2 MB. */
const HIGH_WATER_BYTES = 4 * 1024 ** 2;

/** Its types are nearly those of the DOM. */
const Connection = rtc.RTCPeerConnection as unknown as typeof RTCPeerConnection;

/** One end of a bare data channel; descriptions are carried by the parent process. */
export class BareChannelEnd {
	readonly #peer = new Connection({ iceServers: [] });
	readonly #channel: RTCDataChannel;

	constructor() {
		this.#channel = this.#peer.createDataChannel("bare", {
			negotiated: true,
			id: 0,
		});
		this.#channel.binaryType = "arraybuffer";
	}

	async offer(): Promise<string> {
		await this.#peer.setLocalDescription(await this.#peer.createOffer());
		return this.#gathered();
	}

	async answer(sdp: string): Promise<string> {
		await this.#peer.setRemoteDescription({ type: "offer", sdp });
		await this.#peer.setLocalDescription(await this.#peer.createAnswer());
		return this.#gathered();
	}

	async accept(sdp: string): Promise<void> {
		await this.#peer.setRemoteDescription({ type: "answer", sdp });
	}

	async open(): Promise<BarePipe> {
		const channel = this.#channel;
		if (channel.readyState !== "open")
			await new Promise((resolve) => {
				channel.onopen = resolve;
			});
		let unlooked = 0;
		return {
			chunkBytes: 256 * 1024,
			send(message) {
				unlooked += message.length;
				channel.send(message as Uint8Array<ArrayBuffer>);
			},
			ready() {
				if (unlooked < BURST_BYTES) return undefined;
				unlooked = 0;
				if (channel.bufferedAmount < HIGH_WATER_BYTES) return undefined;
				return whenBelow(channel);
			},
			onMessage(listener) {
				channel.onmessage = ({ data }) =>
					listener(new Uint8Array(data as ArrayBuffer));
			},
			close: () => this.#peer.close(),
		};
	}

	async #gathered(): Promise<string> {
		const peer = this.#peer;
		if (peer.iceGatheringState !== "complete")
			await new Promise<void>((resolve) => {
				peer.onicegatheringstatechange = () => {
					if (peer.iceGatheringState === "complete") resolve();
				};
			});
		return peer.localDescription?.sdp ?? "";
	}
}

async function whenBelow(channel: RTCDataChannel): Promise<void> {
	while (channel.bufferedAmount > HIGH_WATER_BYTES)
		await new Promise((resolve) => setTimeout(resolve, 1));
}
