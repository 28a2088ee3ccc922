import type { DataChannelLike } from "@easyremote/shared/channel";
import type { BridgeClose, BridgeNews } from "../ports/bridge-port.js";

/** A data channel that lives on the page, as the Worker sees it: the far end of `bridgeChannel`. */
export class BridgedChannel extends EventTarget implements DataChannelLike {
	binaryType = "arraybuffer";
	bufferedAmountLowThreshold = 0;
	readonly #port: MessagePort;
	#readyState: "connecting" | "open" | "closed" = "connecting";
	#sent = 0;
	#left = 0;

	constructor(port: MessagePort) {
		super();
		this.#port = port;
		port.onmessage = ({
			data,
		}: MessageEvent<ArrayBuffer | string | BridgeNews>) => this.#take(data);
	}

	get readyState(): string {
		return this.#readyState;
	}

	get bufferedAmount(): number {
		return this.#sent - this.#left;
	}

	send(data: Uint8Array | string): void {
		if (this.#readyState !== "open") return;
		if (typeof data === "string") {
			this.#sent += data.length;
			this.#port.postMessage(data);
			return;
		}
		this.#sent += data.byteLength;
		// The message may be part of a buffer that others use, so what is moved is a copy.
		const copy = data.slice().buffer;
		this.#port.postMessage(copy, [copy]);
	}

	close(): void {
		const request: BridgeClose = { type: "close" };
		this.#port.postMessage(request);
	}

	#take(data: ArrayBuffer | string | BridgeNews): void {
		if (typeof data === "string" || data instanceof ArrayBuffer) {
			this.dispatchEvent(new MessageEvent("message", { data }));
			return;
		}
		switch (data.type) {
			case "open":
				this.#readyState = "open";
				this.dispatchEvent(new Event("open"));
				return;
			case "closed":
				this.#readyState = "closed";
				this.dispatchEvent(new Event("close"));
				this.#port.close();
				return;
			case "left":
				this.#left = data.bytes;
				if (this.bufferedAmount <= this.bufferedAmountLowThreshold)
					this.dispatchEvent(new Event("bufferedamountlow"));
				return;
			default:
				data satisfies never;
		}
	}
}
