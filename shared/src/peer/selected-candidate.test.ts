import { describe, expect, it } from "vitest";
import { selectedCandidate } from "./selected-candidate.js";

function stats(local: string, remote: string, transport = true) {
	const reports: unknown[] = [
		{ id: "l", type: "local-candidate", candidateType: local },
		{ id: "r", type: "remote-candidate", candidateType: remote },
		{ id: "other", type: "candidate-pair", state: "waiting", nominated: false },
		{
			id: "pair",
			type: "candidate-pair",
			state: "succeeded",
			nominated: true,
			localCandidateId: "l",
			remoteCandidateId: "r",
		},
		{ id: 7 },
		"not a report",
	];
	if (transport) {
		reports.push({
			id: "t",
			type: "transport",
			selectedCandidatePairId: "pair",
		});
	}
	return { getStats: () => Promise.resolve(reports) };
}

describe("selectedCandidate", () => {
	it.each([
		["host", "host", "host"],
		["host", "prflx", "host"],
		["prflx", "host", "prflx"],
		["host", "srflx", "srflx"],
		["srflx", "relay", "relay"],
		["something", "else", "unknown"],
	])("of %s and %s is %s", async (local, remote, expected) => {
		expect(await selectedCandidate(stats(local, remote))).toBe(expected);
		expect(await selectedCandidate(stats(local, remote, false))).toBe(expected);
	});

	it("is unknown where the statistics fail", async () => {
		const source = { getStats: () => Promise.reject(new Error("closed")) };
		expect(await selectedCandidate(source)).toBe("unknown");
	});
});
