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
			// libdatachannel refuses a handshake that begins while it takes the answer in: no address is known before.
			const early: (() => void)[] = [];
			let answered = false;
			const tell = (
				to: RTCPeerConnection,
				event: { candidate: RTCIceCandidate | null },
			): void => {
				const { candidate } = event;
				if (!candidate) return;
				if (answered) add(to, candidate);
				else early.push(() => add(to, candidate));
			};
			one.onicecandidate = (event) => tell(other, event);
			other.onicecandidate = (event) => tell(one, event);
			const offer = await one.createOffer();
			await one.setLocalDescription(offer);
			await other.setRemoteDescription(offer);
			const answer = await other.createAnswer();
			await one.setRemoteDescription(answer);
			answered = true;
			for (const addIt of early) addIt();
			await other.setLocalDescription(answer);
		},
		close: () => {
			closed = true;
			one.close();
			other.close();
		},
	};
}
