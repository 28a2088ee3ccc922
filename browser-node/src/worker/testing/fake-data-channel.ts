/** A data channel whose network takes only what the test lets it. */
export class FakeDataChannel extends EventTarget {
	binaryType = "blob";
	bufferedAmountLowThreshold = 0;
	bufferedAmount = 0;
	readyState = "connecting";
	readonly sent: (Uint8Array | string)[] = [];

	open(): void {
		this.readyState = "open";
		this.dispatchEvent(new Event("open"));
	}

	receive(data: ArrayBuffer | string): void {
		this.dispatchEvent(new MessageEvent("message", { data }));
	}

	drain(): void {
		this.bufferedAmount = 0;
		this.dispatchEvent(new Event("bufferedamountlow"));
	}

	send(data: ArrayBuffer | Uint8Array | string): void {
		this.sent.push(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
		this.bufferedAmount +=
			typeof data === "string" ? data.length : data.byteLength;
	}

	close(): void {
		this.readyState = "closed";
		this.dispatchEvent(new Event("close"));
	}
}
