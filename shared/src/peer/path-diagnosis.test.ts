import { describe, expect, it } from "vitest";
import {
	type AttemptFacts,
	explainGivenUp,
	explainNoPath,
} from "./path-diagnosis.js";

const STUN = "stun:gw.example.com:8080";
const answered = [{ url: STUN, answered: true }];
const silent = [{ url: STUN, answered: false }];

const facts: AttemptFacts = {
	initiator: true,
	described: true,
	relayOnly: false,
	local: { host: 1, srflx: 1 },
	remote: { host: 1, srflx: 1 },
	servers: answered,
	ms: 8_000,
};
const timeout = { kind: "timeout" } as const;

describe("explainNoPath", () => {
	it.each([
		[
			timeout,
			{ described: false },
			"did not answer the offer of a direct path within 8 s",
			"overloaded",
		],
		[
			timeout,
			{ described: false, initiator: false },
			"offer of a direct path did not arrive",
			"overloaded",
		],
		[
			timeout,
			{ remote: {} },
			"the far end offered no ICE candidates within 8 s",
			"on the far end's machine",
		],
		[timeout, {}, "symmetric NAT", "configure a TURN server"],
		[
			timeout,
			{ local: { host: 1, relay: 1 } },
			"not even by TURN",
			"check that both sides reach the TURN server",
		],
		[
			timeout,
			{ local: { host: 1 }, servers: silent, ms: 5_000 },
			`no UDP answer from ${STUN} in 5 s: UDP looks blocked here (candidates here: 1 host; there: 1 host, 1 srflx)`,
			"open 8080/udp to gw.example.com, or configure a TURN server",
		],
		[
			timeout,
			{ remote: { host: 2 } },
			"UDP looks blocked there",
			"open 8080/udp to gw.example.com for the far end",
		],
		[
			timeout,
			{
				local: { host: 1 },
				remote: { host: 1 },
				servers: [{ url: STUN, answered: undefined }],
			},
			"a firewall looks to block UDP between them",
			"open UDP between both sides",
		],
		[
			{ kind: "ice_failed" } as const,
			{
				local: { host: 1 },
				remote: { host: 1 },
				servers: [],
				ms: 340,
			},
			"within 0.3 s, and only local ones were known (candidates here: 1 host; there: 1 host)",
			"ice.stun, ice.turn",
		],
		[
			timeout,
			{
				servers: [
					...answered,
					{
						url: "turn:turn.example.com",
						answered: true,
						error: "401 Unauthorized",
					},
				],
			},
			"turn:turn.example.com refused: 401 Unauthorized",
			"check the credentials",
		],
		[
			{ kind: "no_candidates" } as const,
			{ relayOnly: true },
			"no ICE candidates without a TURN server",
			"configure a TURN server",
		],
		[
			timeout,
			{
				relayOnly: true,
				local: {},
				servers: [...answered, { url: "turn:t.example.com", answered: false }],
			},
			"no answer from turn:t.example.com in 8 s",
			"open 3478/udp to t.example.com",
		],
		[
			{ kind: "no_candidates" } as const,
			{
				relayOnly: true,
				servers: [
					{ url: "turn:t.example.com", answered: true, error: "401 No" },
				],
			},
			"turn:t.example.com refused: 401 No",
			"check the credentials",
		],
		[
			{ kind: "no_candidates" } as const,
			{
				relayOnly: true,
				servers: [{ url: "turn:t.example.com", answered: false }],
			},
			"turn:t.example.com gave none, so it refuses the credentials or is out of reach",
			"check that the gateway (ice.turn) has the server's own secret",
		],
		[
			timeout,
			{
				servers: [...answered, { url: "turn:t.example.com", answered: false }],
			},
			"neither side has a relayed one: turn:t.example.com gave none",
			"open 3478/udp to t.example.com",
		],
		[
			{ kind: "no_candidates" } as const,
			{},
			"this side found no ICE candidates",
			"allow WebRTC and UDP",
		],
		[
			{ kind: "description_refused", message: "bad SDP" } as const,
			{},
			"bad SDP",
			"update the older",
		],
	])("%j with %j says: %s", (end, changed, reason, fix) => {
		const trouble = explainNoPath(end, { ...facts, ...changed });
		expect(trouble.reason).toContain(reason);
		expect(trouble.fix).toContain(fix);
	});

	it("knows no cure for what WebRTC itself fails by", () => {
		const end = { kind: "failed", message: "no WebRTC" } as const;
		expect(explainNoPath(end, facts)).toEqual({
			reason: "WebRTC failed here: no WebRTC",
			fix: undefined,
		});
	});
});

describe("explainGivenUp", () => {
	it("tells what was seen here, as far as it goes", () => {
		expect(explainGivenUp(undefined).reason).toContain("gave the attempt up");
		expect(explainGivenUp({ ...facts, described: false }).reason).toContain(
			"gave the attempt up",
		);
		expect(explainGivenUp(facts).reason).toContain("symmetric NAT");
	});
});
