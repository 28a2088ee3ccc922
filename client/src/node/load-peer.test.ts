import { describe, expect, it } from "vitest";
import { loadPeer } from "./load-peer.js";

describe("loadPeer", () => {
	it("refuses what is no WebRTC implementation", async () => {
		await expect(loadPeer({})).rejects.toMatchObject({
			code: "INVALID_ARGUMENT",
			message: expect.stringContaining('"rtc"') as string,
		});
	});

	it("puts simple-peer on the implementation it is given", async () => {
		let made = 0;
		const Connection = function () {
			made += 1;
			throw new Error("enough");
		};
		const Peer = await loadPeer({
			RTCPeerConnection: Connection,
			RTCSessionDescription: Connection,
			RTCIceCandidate: Connection,
		});
		const peer = new Peer({
			initiator: true,
			trickle: true,
			config: {},
			channelConfig: {},
		});
		const failure = new Promise<Error>((resolve) => peer.on("error", resolve));
		expect((await failure).message).toBe("enough");
		expect(made).toBe(1);
	});
});
