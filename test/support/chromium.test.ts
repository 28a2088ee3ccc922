import { expect, it } from "vitest";
import { contextPermissions, launchChromium } from "./chromium.js";

it("opens a data channel between two connections of a page over loopback", {
	timeout: 30_000,
}, async () => {
	const browser = await launchChromium();
	try {
		const context = await browser.newContext({
			permissions: contextPermissions,
		});
		const page = await context.newPage();
		const answer = await page.evaluate(async () => {
			const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
			a.onicecandidate = ({ candidate }) =>
				void b.addIceCandidate(candidate ?? undefined);
			b.onicecandidate = ({ candidate }) =>
				void a.addIceCandidate(candidate ?? undefined);
			b.ondatachannel = ({ channel }) => {
				channel.onmessage = ({ data }) => channel.send(`echo ${String(data)}`);
			};
			const channel = a.createDataChannel("probe");
			const reply = new Promise<string>((resolve) => {
				channel.onopen = () => channel.send("hello");
				channel.onmessage = ({ data }) => resolve(String(data));
			});
			await a.setLocalDescription();
			if (a.localDescription) await b.setRemoteDescription(a.localDescription);
			await b.setLocalDescription();
			if (b.localDescription) await a.setRemoteDescription(b.localDescription);
			return reply;
		});
		expect(answer).toBe("echo hello");
	} finally {
		await browser.close();
	}
});
