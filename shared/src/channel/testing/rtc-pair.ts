import * as rtc from "node-datachannel/polyfill";

/** Two joined peer connections in this process, without simple-peer, and one negotiated data channel. */
export interface RtcPair {
	readonly a: RTCDataChannel;
	readonly b: RTCDataChannel;
	/** Exchanges offer, answer and candidates. */
	connect(): Promise<void>;
	/** Closes both connections: an open one would keep the process alive. */
	close(): void;
}

/** Makes the pair; the data channels exist at once, so that channels can be made of them before they open. */
export async function rtcPair(): Promise<RtcPair> {
	// Its types are nearly those of the DOM.
	const Connection =
		rtc.RTCPeerConnection as unknown as typeof RTCPeerConnection;
	const one = new Connection({ iceServers: [] });
	const other = new Connection({ iceServers: [] });
	const init = { negotiated: true, id: 1, ordered: true };
	const a = one.createDataChannel("test", init);
	const b = other.createDataChannel("test", init);
	let closed = false;
	const add = (to: RTCPeerConnection, candidate: RTCIceCandidate): void => {
		to.addIceCandidate(candidate).catch((error: unknown) => {
			// A late candidate of a connection that was closed meanwhile is no fault.
			if (!closed) throw error;
		});
	};
	return {
		a,
		b,
		connect: async () => {
			const early: RTCIceCandidate[] = [];
			let described = false;
			one.onicecandidate = ({ candidate }) => {
				if (!candidate) return;
				if (described) add(other, candidate);
				else early.push(candidate);
			};
			const late: RTCIceCandidate[] = [];
			let answered = false;
			other.onicecandidate = ({ candidate }) => {
				if (!candidate) return;
				if (answered) add(one, candidate);
				else late.push(candidate);
			};
			const offer = await one.createOffer();
			await one.setLocalDescription(offer);
			await other.setRemoteDescription(offer);
			described = true;
			for (const candidate of early) add(other, candidate);
			const answer = await other.createAnswer();
			await one.setRemoteDescription(answer);
			answered = true;
			for (const candidate of late) add(one, candidate);
			await other.setLocalDescription(answer);
		},
		close: () => {
			closed = true;
			one.close();
			other.close();
		},
	};
}
