import { describe, expect, it } from "vitest";
import { ScriptedNode } from "../../testing/scripted-node.js";
import {
	answersNeeded,
	type CheckedCall,
	replicationChance,
} from "./replication.js";

function checked(
	donor: { trusted?: boolean; validInRow?: number } | undefined,
	descriptor: Parameters<ScriptedNode["on"]>[2] = {},
	call: Partial<CheckedCall> = {},
): CheckedCall {
	const node = new ScriptedNode("tab-1").on("f", () => {}, {
		deterministic: "exact",
		idempotent: true,
		...descriptor,
	});
	node.donor = donor && { id: "d1", trusted: false, validInRow: 0, ...donor };
	const provider = node.provider();
	const [offered] = provider.functions;
	if (!offered) throw new Error("nothing is offered");
	return {
		provider,
		descriptor: offered,
		pinned: false,
		streams: false,
		quorum: 1,
		...call,
	};
}

it("is certain for ten results, then rarer and rarer, but never below one in twenty", () => {
	const chances = [0, 9, 10, 16, 20, 21, 1e9].map(replicationChance);
	expect(chances).toEqual([1, 1, 1 / 10, 1 / 16, 1 / 20, 0.05, 0.05]);
});

describe("a call at a donor", () => {
	it.each<[string, CheckedCall, number]>([
		["is compared while it has no record", checked({}), 2],
		["is compared by chance later", checked({ validInRow: 40 }), 1],
		["is not compared if the donor is trusted", checked({ trusted: true }), 1],
		["is not compared if it is none", checked(undefined), 1],
		[
			"is not compared unless the function is deterministic",
			checked({}, { deterministic: "none" }),
			1,
		],
		[
			"is not compared if it says nothing of that",
			checked({}, { deterministic: undefined }),
			1,
		],
		["is not compared if it streams", checked({}, { stream: true }), 1],
		[
			"is not compared if it may not run twice",
			checked({}, { idempotent: false }),
			1,
		],
		["is not compared if it is pinned", checked({}, {}, { pinned: true }), 1],
		[
			"is not compared if arguments stream",
			checked({}, {}, { streams: true }),
			1,
		],
		[
			"takes as many as are asked for",
			checked({ validInRow: 40 }, {}, { quorum: 3 }),
			3,
		],
		[
			"takes as many as are asked for, of trusted donors too",
			checked({ trusted: true }, {}, { quorum: 3 }),
			3,
		],
	])("%s", (_what, call, needed) => {
		expect(answersNeeded(call, () => 0.5)).toBe(needed);
	});

	it.each([
		checked({}, { deterministic: "none" }, { quorum: 2 }),
		checked({}, { stream: true }, { quorum: 2 }),
		checked({}, {}, { quorum: 2, pinned: true }),
		checked({}, {}, { quorum: 2, streams: true }),
	])("cannot have a quorum where nothing can be compared", (call) => {
		expect(() => answersNeeded(call, () => 0)).toThrow(
			/quorum.*cannot be compared/,
		);
	});
});
