import type { BarePipe } from "./pipe.js";

/** Handed to the channel before the sender looks how much is still queued, bytes. */
const BURST_BYTES = 1024 ** 2;
/** Enough to keep any implementation busy, and far below the 16 MB that Chromium takes. */
const HIGH_WATER_BYTES = 4 * 1024 ** 2;
/** Where the sender goes on, bytes. */
const LOW_WATER_BYTES = 1024 ** 2;

/** One end of a bare data channel, in a process or a page; descriptions are carried by the parent process. */
export class BareChannelEnd {
	readonly #peer: RTCPeerConnection;
	readonly #channel: RTCDataChannel;

	constructor(Connection: typeof RTCPeerConnection) {
		this.#peer = new Connection({ iceServers: [] });
		this.#channel = this.#peer.createDataChannel("bare", {
			negotiated: true,
			id: 0,
		});
		this.#channel.binaryType = "arraybuffer";
		this.#channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
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
				return whenLow(channel);
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

async function whenLow(channel: RTCDataChannel): Promise<void> {
	await new Promise((resolve) => {
		channel.onbufferedamountlow = resolve;
		// It may have drained while nobody listened.
		if (channel.bufferedAmount <= LOW_WATER_BYTES) resolve(undefined);
	});
}
