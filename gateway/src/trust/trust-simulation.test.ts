import { answersNeeded, BallotBox } from "@easyremote/shared/caller";
import type { FunctionDescriptor, Provider } from "@easyremote/shared/protocol";
import { seededRandom } from "@easyremote/shared/testing";
import { ManualClock } from "@easyremote/shared/time";
import pino from "pino";
import { describe, expect, it } from "vitest";
import { TrustLedger } from "./trust-ledger.js";

const DONORS = 100;
const CHEATS = 10;
const CALLS = 30_000;

const FUNCTION: FunctionDescriptor = {
	name: "b@1/f",
	public: true,
	authRequired: true,
	idempotent: true,
	stream: false,
	deterministic: "exact",
};

interface Outcome {
	/** Answers given that were wrong. */
	wrong: number;
	/** Calls that failed, since nobody agreed. */
	undecided: number;
	/** Runs at donors. */
	runs: number;
	/** In quarantine at the end. */
	cheatsOut: number;
	honestOut: number;
}

/** Callers, donors and the gateway's ledger, with the policy that they really use; of the network only who answers what. */
function simulate(
	cheating: { readonly rate: number; readonly together: boolean },
	seed: number,
): Outcome {
	const random = seededRandom(seed);
	const ledger = new TrustLedger({
		store: undefined,
		clock: new ManualClock(),
		log: pino({ level: "silent" }),
		quarantineMs: 24 * 3_600_000,
		maxDonors: DONORS,
		changed: () => undefined,
	});
	const ids = Array.from({ length: DONORS }, (_, at) => `d${at}`);
	const standing = (id: string) => ledger.trustOf("ada", id);
	const isCheat = (id: string) => Number(id.slice(1)) < CHEATS;
	const answerOf = (id: string, call: number): string => {
		if (!isCheat(id) || random() >= cheating.rate) return "right";
		return cheating.together ? `wrong ${call}` : `wrong ${call} by ${id}`;
	};
	const total: Outcome = {
		wrong: 0,
		undecided: 0,
		runs: 0,
		cheatsOut: 0,
		honestOut: 0,
	};
	for (let call = 0; call < CALLS; call += 1) {
		const left = ids.filter((id) => !standing(id).quarantined);
		const draw = () =>
			left.splice(Math.floor(random() * left.length), 1)[0] ?? "";
		const first = draw();
		const needed = answersNeeded(
			{
				provider: providerOf(first, standing(first).validInRow),
				descriptor: FUNCTION,
				pinned: false,
				streams: false,
				quorum: 1,
			},
			random,
		);
		const box = new BallotBox<string>(needed, (a, b) => a === b);
		for (let id = first; !box.decided && box.answers < box.most; id = draw())
			box.cast({ voter: id, nodeId: id, result: answerOf(id, call) });
		total.runs += box.answers;
		if (!box.decided) {
			total.undecided += 1;
			continue;
		}
		if (box.leading[0]?.result !== "right") total.wrong += 1;
		if (needed === 1) continue;
		for (const { voter } of box.leading) ledger.judge(voter, "everybody", true);
		for (const { voter } of box.others) ledger.judge(voter, "everybody", false);
	}
	for (const id of ids)
		if (standing(id).quarantined)
			total[isCheat(id) ? "cheatsOut" : "honestOut"] += 1;
	return total;
}

function providerOf(id: string, validInRow: number): Provider {
	return {
		nodeId: id,
		kind: "donor",
		state: "online",
		tags: [],
		direct: false,
		load: { running: 0, queued: 0, maxConcurrent: 1 },
		donor: { id, trusted: false, validInRow },
		functions: [FUNCTION],
	};
}

const percent = (part: number, digits: number) =>
	`${((100 * part) / CALLS).toFixed(digits)} %`;

/** As a table in Markdown. */
function tableOf(
	rows: readonly (Outcome & {
		readonly rate: number;
		readonly together: boolean;
	})[],
): string {
	const lines = rows.map((each) =>
		[
			`${each.rate * 100} %${each.together ? ", alike" : ""}`,
			percent(each.wrong, 3),
			percent(each.undecided, 3),
			(each.runs / CALLS).toFixed(3),
			each.cheatsOut,
			each.honestOut,
		].join(" | "),
	);
	return [
		"| lies | wrong | undecided | runs a call | cheats out | honest out |",
		"| --- | --- | --- | --- | --- | --- |",
		...lines.map((line) => `| ${line} |`),
	].join("\n");
}

describe(`${DONORS} donors of whom ${CHEATS} cheat, ${CALLS} calls`, () => {
	const cases = [1, 0.2, 0.02].flatMap((rate) =>
		[false, true].map((together) => ({ rate, together })),
	);
	const outcomes = cases.map((cheating) => ({
		...cheating,
		...simulate(cheating, 20_260),
	}));

	it("gives few wrong answers for little more work", () => {
		process.stdout.write(`\n${tableOf(outcomes)}\n`);
		for (const { wrong, undecided, runs } of outcomes) {
			expect(wrong / CALLS).toBeLessThan(0.002);
			expect(undecided / CALLS).toBeLessThan(0.002);
			expect(runs / CALLS).toBeLessThan(1.2);
		}
	});

	it("finds those who always cheat before they have given an answer of weight", () => {
		const always = outcomes.filter(({ rate }) => rate === 1);
		for (const { cheatsOut } of always) expect(cheatsOut).toBe(CHEATS);
	});

	it("puts nobody out who is honest, unless cheats agree on what is wrong", () => {
		for (const { honestOut, together } of outcomes)
			expect(honestOut).toBeLessThanOrEqual(together ? 2 : 0);
	});
});
