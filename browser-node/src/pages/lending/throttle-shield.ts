/**
 * Keeps the browser from throttling a hidden tab to a beat a minute, and from freezing it: Chromium spares tabs with an open
 * data channel, so this opens one, from the page to itself. Nothing is ever sent on it. The answer lets go of it.
 */
export async function shieldFromThrottling(): Promise<() => void> {
	const near = new RTCPeerConnection();
	const far = new RTCPeerConnection();
	const close = (): void => {
		near.close();
		far.close();
	};
	try {
		near.addEventListener("icecandidate", ({ candidate }) => {
			void far.addIceCandidate(candidate ?? undefined);
		});
		far.addEventListener("icecandidate", ({ candidate }) => {
			void near.addIceCandidate(candidate ?? undefined);
		});
		near.createDataChannel("shield");
		await near.setLocalDescription();
		if (near.localDescription)
			await far.setRemoteDescription(near.localDescription);
		await far.setLocalDescription();
		if (far.localDescription)
			await near.setRemoteDescription(far.localDescription);
		return close;
	} catch (error) {
		close();
		throw error;
	}
}
