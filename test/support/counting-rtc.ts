import type { RtcImplementation } from "@easyremote/shared/peer";
import * as rtc from "node-datachannel/polyfill";

/** WebRTC for Node that counts its connections. */
export interface CountingRtc {
	readonly rtc: RtcImplementation;
	/** Connections made and not yet closed. */
	readonly open: number;
	/** The most there were at once. */
	readonly most: number;
	/** How many were made in all. */
	readonly made: number;
}

/** A new implementation, with counts of its own. */
export function countingRtc(): CountingRtc {
	const open = new Set<object>();
	let most = 0;
	let made = 0;
	class Counted extends rtc.RTCPeerConnection {
		constructor(
			configuration?: ConstructorParameters<typeof rtc.RTCPeerConnection>[0],
		) {
			super(configuration);
			made += 1;
			open.add(this);
			most = Math.max(most, open.size);
		}

		override close(): void {
			open.delete(this);
			super.close();
		}
	}
	return {
		rtc: { ...rtc, RTCPeerConnection: Counted },
		get open() {
			return open.size;
		},
		get most() {
			return most;
		},
		get made() {
			return made;
		},
	};
}
