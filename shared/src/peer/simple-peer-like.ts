import type { RtcImplementation } from "./is-rtc.js";

/** Options of simple-peer that are used here. */
export interface SimplePeerOptions {
	readonly initiator: boolean;
	readonly trickle: true;
	readonly config: RTCConfiguration;
	readonly channelConfig: RTCDataChannelInit;
	readonly wrtc?: RtcImplementation;
}

/** The part of a simple-peer 9.11 instance that is used here, private fields included. */
export interface SimplePeerLike {
	/** Null once destroyed; absent where it could not be made. */
	readonly _pc?: RTCPeerConnection | null;
	/** A 5 s timer that `destroy` forgets and that keeps a process alive. */
	readonly _iceCompleteTimer?: ReturnType<typeof setTimeout> | null;
	/** Throws on some hostile input. */
	signal(data: unknown): void;
	destroy(): void;
	/** Reads and drops what arrives on simple-peer's own channel, which would pile up otherwise. */
	resume(): void;
	on(event: "signal", listener: (data: unknown) => void): void;
	/** Without a listener for it, an error ends the process. */
	on(event: "error", listener: (error: Error) => void): void;
	on(event: "close", listener: () => void): void;
	/** The last candidate has been found; undocumented, as the fields above. */
	on(event: "_iceComplete", listener: () => void): void;
}

export interface SimplePeerCtor {
	new (options: SimplePeerOptions): SimplePeerLike;
	/** Whether its connections are node-datachannel's; absent in simple-peer itself. */
	readonly onDatachannel?: boolean;
}
