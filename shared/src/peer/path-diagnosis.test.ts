import { describe, expect, it } from "vitest";
import { type AttemptFacts, explainNoPath } from "./path-diagnosis.js";

const facts: AttemptFacts = {
	initiator: true,
	described: true,
	local: ["host", "srflx"],
	remote: ["host", "srflx"],
	iceServers: 1,
};
const timeout = { kind: "timeout", timeoutMs: 8000 } as const;

describe("explainNoPath", () => {
	it.each([
		[
			timeout,
			{ described: false },
			"did not answer the offer of a direct path within 8 s",
		],
		[
			timeout,
			{ described: false, initiator: false },
			"offer of a direct path did not arrive",
		],
		[timeout, { remote: [] }, "the far end offered no ICE candidates"],
		[timeout, {}, "symmetric NAT"],
		[timeout, { local: ["host", "relay"] }, "not even by TURN"],
		[timeout, { local: ["host"] }, "not reached from this side"],
		[timeout, { remote: ["host"] }, "not reached from the far end"],
		[
			timeout,
			{ local: ["host"], remote: ["host"] },
			"not reached from either side",
		],
		[
			{ kind: "ice_failed" } as const,
			{ local: ["host"], remote: ["host"], iceServers: 0 },
			"configure a STUN or TURN server (candidates here: 1 host; there: 1 host)",
		],
		[
			{ kind: "no_candidates" } as const,
			{},
			"this side found no ICE candidates",
		],
		[{ kind: "failed", message: "no WebRTC" } as const, {}, "no WebRTC"],
		[
			{ kind: "description_refused", message: "bad SDP" } as const,
			{},
			"bad SDP",
		],
	])("%j with %j says: %s", (end, changed, expected) => {
		expect(explainNoPath(end, { ...facts, ...changed })).toContain(expected);
	});
});
