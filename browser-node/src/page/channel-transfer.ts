/** What it takes to find out; injected for tests. */
export interface ChannelMaker {
	createDataChannel(
		label: string,
		options: { readonly negotiated: true; readonly id: number },
	): object;
	close(): void;
}

/**
 * Whether this browser can move an `RTCDataChannel` to a Worker: tried on one that is thrown away, since no
 * property tells.
 */
export function canTransferChannels(
	createPeer: () => ChannelMaker = () => new RTCPeerConnection(),
): boolean {
	let peer: ChannelMaker | undefined;
	const { port1, port2 } = new MessageChannel();
	try {
		peer = createPeer();
		const channel = peer.createDataChannel("probe", {
			negotiated: true,
			id: 0,
		});
		port1.postMessage(channel, [channel as Transferable]);
		return true;
	} catch {
		return false;
	} finally {
		peer?.close();
		port1.close();
		port2.close();
	}
}
