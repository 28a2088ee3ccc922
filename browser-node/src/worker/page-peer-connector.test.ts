import { EasyRemoteError } from "@easyremote/shared/errors";
import type { AttemptFacts } from "@easyremote/shared/peer";
import { describe, expect, it } from "vitest";
import { ByteCounter } from "./byte-counter.js";
import { PagePeerConnector } from "./page-peer-connector.js";
import { FakeDataChannel } from "./testing/fake-data-channel.js";

const FACTS: AttemptFacts = {
	initiator: false,
	described: true,
	relayOnly: false,
	local: { host: 2 },
	remote: {},
	servers: [{ url: "stun:stun.example.com", answered: false }],
	ms: 8_000,
};

/** A connector with one attempt, and what it told the page. */
function begin() {
	const told: string[] = [];
	const connector = new PagePeerConnector(
		{
			connectPeer: () => undefined,
			signalPeer: () => undefined,
			channelOpened: () => told.push("opened"),
			channelFailed: (_attempt, reason) => told.push(`failed: ${reason}`),
			closePeer: (attempt) => told.push(`close ${attempt}`),
		},
		new ByteCounter(),
	);
	const attempt = connector.connect({
		initiator: false,
		iceServers: [],
		send: () => undefined,
	});
	return { connector, attempt, told };
}

describe("an attempt that fails", () => {
	it("passes on what the page saw of it", async () => {
		const { connector, attempt, told } = begin();
		expect(attempt.facts).toBeUndefined();
		connector.failed(1, new EasyRemoteError("UNAVAILABLE", "no way"), FACTS);
		await expect(attempt.opened).rejects.toThrow("no way");
		expect(attempt.facts).toEqual(FACTS);
		expect(told).toEqual(["close 1"]);
	});

	it("asks the page nothing about a channel that the page gave up first", async () => {
		const { connector, attempt, told } = begin();
		const channel = new FakeDataChannel();
		connector.channel(1, channel);
		connector.failed(1, new EasyRemoteError("UNAVAILABLE", "no way"), FACTS);
		await expect(attempt.opened).rejects.toThrow("no way");
		await attempt.ended;
		expect(channel.readyState).toBe("closed");
		expect(told).toEqual(["close 1"]);
	});

	it("waits for what the page says of a channel that closes before it opens", async () => {
		const { connector, attempt, told } = begin();
		const channel = new FakeDataChannel();
		connector.channel(1, channel);
		channel.close();
		await expect.poll(() => told).toHaveLength(1);
		expect(told[0]).toMatch(/^failed: .*data channel closed/);
		const accident = { details: { reason: "failed" } };
		connector.failed(
			1,
			new EasyRemoteError("UNAVAILABLE", "it closed", accident),
			FACTS,
		);
		await expect(attempt.opened).rejects.toMatchObject(accident);
		await attempt.ended;
		expect(attempt.facts).toEqual(FACTS);
		expect(told.slice(1)).toEqual(["close 1"]);
	});
});
