/** What a listener reads of an event. */
export interface DataChannelEvent {
	readonly type: string;
	readonly data?: unknown;
}

/** The part of an `RTCDataChannel` that is used here: Chromium's, transferred to a Worker or not, and @roamhq/wrtc's. */
export interface DataChannelLike {
	readonly readyState: string;
	/** Dear in @roamhq/wrtc: a question to another thread. It hides about 2 MB there. */
	readonly bufferedAmount: number;
	/** Absent in @roamhq/wrtc, together with its event. */
	bufferedAmountLowThreshold?: number;
	binaryType: string;
	send(data: Uint8Array | string): void;
	close(): void;
	addEventListener(
		type: "open" | "close" | "error" | "message" | "bufferedamountlow",
		listener: (event: DataChannelEvent) => void,
	): void;
}
