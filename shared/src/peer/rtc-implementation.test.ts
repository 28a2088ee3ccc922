import { describe, expect, it } from "vitest";
import { rtcForSimplePeer } from "./rtc-implementation.js";

const relayed = (address: string) =>
	`candidate:1 1 UDP 1047807 ${address} 64600 typ relay raddr 0.0.0.0 rport 0`;
const host = "candidate:2 1 UDP 2114977791 192.0.2.9 37645 typ host";

/** A connection that writes down what it was given. */
class Plain extends EventTarget {
	readonly configuration: RTCConfiguration | undefined;
	readonly added: string[] = [];
	readonly iceGatheringState = "new";

	constructor(configuration?: RTCConfiguration) {
		super();
		this.configuration = configuration;
	}

	async addIceCandidate({ candidate = "" }: RTCIceCandidateInit) {
		this.added.push(candidate);
	}

	/** A candidate was found on this side. */
	find(candidate: string): void {
		this.dispatchEvent(
			Object.assign(new Event("icecandidate"), { candidate: { candidate } }),
		);
	}
}

/** What node-datachannel has besides. */
class Datachannel extends Plain {
	get ext_localCandidates(): readonly string[] {
		return [];
	}
}

function connect(Native: typeof Plain, configuration: RTCConfiguration): Plain {
	const { RTCPeerConnection } = rtcForSimplePeer({
		RTCPeerConnection: Native,
		RTCSessionDescription: undefined,
		RTCIceCandidate: undefined,
	});
	return new (RTCPeerConnection as typeof Plain)(configuration);
}

describe("node-datachannel with the policy “relay”", () => {
	it("asks a relayed candidate only where it has one itself, whichever comes first", async () => {
		const connection = connect(Datachannel, { iceTransportPolicy: "relay" });
		void connection.addIceCandidate({ candidate: relayed("203.0.113.1") });
		void connection.addIceCandidate({ candidate: relayed("198.51.100.7") });
		await connection.addIceCandidate({ candidate: host });
		expect(connection.added).toEqual([]);
		connection.find(host);
		connection.find(`a=${relayed("203.0.113.1")}`);
		await connection.addIceCandidate({ candidate: relayed("203.0.113.1") });
		expect(connection.added).toEqual([
			relayed("203.0.113.1"),
			relayed("203.0.113.1"),
		]);
	});

	it("asks every candidate without it", async () => {
		const connection = connect(Datachannel, {});
		await connection.addIceCandidate({ candidate: host });
		expect(connection.added).toEqual([host]);
	});
});

it("leaves it to an implementation that hides addresses by itself", async () => {
	const connection = connect(Plain, { iceTransportPolicy: "relay" });
	await connection.addIceCandidate({ candidate: host });
	expect(connection.added).toEqual([host]);
});

it("gives node-datachannel credentials that a URL can hold, and no server that it would throw at", () => {
	const iceServers = [
		{ urls: "stuns:stun.example.com" },
		{
			urls: ["turn:turn.example.com", "STUNS:stun.example.com"],
			username: "1700000000:key_1",
			credential: "a/b+c=",
		},
	];
	expect(connect(Plain, { iceServers }).configuration).toEqual({ iceServers });
	expect(connect(Datachannel, { iceServers }).configuration).toEqual({
		iceServers: [
			{
				urls: ["turn:turn.example.com"],
				username: "1700000000%3Akey_1",
				credential: "a%2Fb%2Bc%3D",
			},
		],
	});
});
