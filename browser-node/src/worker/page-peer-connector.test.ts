import { EasyRemoteError } from "@easyremote/shared/errors";
import type { AttemptFacts } from "@easyremote/shared/peer";
import { expect, it } from "vitest";
import { ByteCounter } from "./byte-counter.js";
import { PagePeerConnector } from "./page-peer-connector.js";

it("passes on what the page saw of an attempt that failed", async () => {
	const closed: number[] = [];
	const connector = new PagePeerConnector(
		{
			connectPeer: () => undefined,
			signalPeer: () => undefined,
			channelOpened: () => undefined,
			closePeer: (attempt) => closed.push(attempt),
		},
		new ByteCounter(),
	);
	const attempt = connector.connect({
		initiator: false,
		iceServers: [],
		send: () => undefined,
	});
	expect(attempt.facts).toBeUndefined();
	const facts: AttemptFacts = {
		initiator: false,
		described: true,
		relayOnly: false,
		local: { host: 2 },
		remote: {},
		servers: [{ url: "stun:stun.example.com", answered: false }],
		ms: 8_000,
	};
	connector.failed(1, new EasyRemoteError("UNAVAILABLE", "no way"), facts);
	await expect(attempt.opened).rejects.toThrow("no way");
	expect(attempt.facts).toEqual(facts);
	expect(closed).toEqual([1]);
});
