import { ManualClock } from "@easyremote/shared/time";
import { EasyRemoteError } from "@easyremote/shared/errors";
import pino from "pino";
import { afterEach, describe, expect, it } from "vitest";
import type { DonorStore, StoredDonor } from "../store/donor-store.js";
import { TrustLedger } from "./trust-ledger.js";

const DAY = 24 * 3_600_000;
const clock = new ManualClock();
const ledgers: TrustLedger[] = [];
let changed: string[] = [];

afterEach(async () => {
	for (const ledger of ledgers.splice(0)) await ledger.close();
	expect(clock.pending).toBe(0);
	changed = [];
});

function open(store?: DonorStore, maxDonors = 100): TrustLedger {
	const ledger = new TrustLedger({
		store,
		clock,
		log: pino({ level: "silent" }),
		quarantineMs: DAY,
		maxDonors,
		changed: (id) => changed.push(id),
	});
	ledgers.push(ledger);
	return ledger;
}

/** A store that says what was written, and fails as often as told. */
function scriptedStore(failures = 0) {
	const rows = new Map<string, StoredDonor>();
	let left = failures;
	const writes: string[][] = [];
	return {
		writes,
		async list(most: number) {
			return [...rows.values()].slice(-most);
		},
		async write(donors: readonly StoredDonor[]) {
			left -= 1;
			if (left >= 0) throw new EasyRemoteError("UNAVAILABLE", "disk full");
			writes.push(donors.map(({ id }) => id));
			for (const donor of donors) rows.set(donor.id, structuredClone(donor));
		},
	};
}

function accuse(ledger: TrustLedger, id: string, times = 3): void {
	for (let n = 0; n < times; n += 1) ledger.judge(id, "everybody", false);
}

describe("the ledger", () => {
	it("knows nothing of a donor nobody has judged", () => {
		const ledger = open();
		expect(ledger.trustOf("ada", "d1")).toEqual({
			validInRow: 0,
			quarantined: false,
		});
		expect(ledger.creditOf("d1")).toBeUndefined();
		expect(ledger.credits()).toEqual([]);
	});

	it("says when routes show something else, and not when a long row grows", () => {
		const ledger = open();
		for (let n = 0; n < 100; n += 1) ledger.judge("d1", "everybody", true);
		expect(changed).toHaveLength(20);
		ledger.judge("d1", "everybody", false);
		expect(changed).toHaveLength(21);
	});

	it("tells of the end of a quarantine", async () => {
		const ledger = open();
		accuse(ledger, "d1");
		expect(ledger.trustOf("ada", "d1").quarantined).toBe(true);
		changed = [];
		await clock.advance(DAY - 60_000);
		expect(changed).toEqual([]);
		await clock.advance(120_000);
		expect(changed).toEqual(["d1"]);
		expect(ledger.trustOf("ada", "d1").quarantined).toBe(false);
	});

	it("counts what was given", async () => {
		const ledger = open();
		ledger.worked("d1", 0);
		await clock.advance(10_000);
		ledger.worked("d1", 1_500);
		ledger.judge("d1", "everybody", true);
		ledger.judge("d1", { principal: "ada" }, true);
		expect(ledger.creditOf("d1")).toEqual({
			id: "d1",
			cpuSeconds: 1.5,
			validated: 2,
			validInRow: 1,
		});
	});

	it("believes no donor that has worked more than there was time for", async () => {
		const ledger = open();
		ledger.worked("d1", 0);
		await clock.advance(1_000);
		ledger.worked("d1", 2 ** 50);
		expect(ledger.creditOf("d1")?.cpuSeconds).toBe(64);
		ledger.worked("d1", 2 ** 50);
		expect(ledger.creditOf("d1")?.cpuSeconds).toBe(64);
	});

	it("forgets those of whom nothing was heard for longest", () => {
		const ledger = open(undefined, 2);
		for (const id of ["d1", "d2", "d1", "d3"])
			ledger.judge(id, "everybody", true);
		expect(ledger.credits().map(({ id }) => id)).toEqual(["d3", "d1"]);
	});
});

describe("what is stored", () => {
	it("is written together, and is there after a restart", async () => {
		const store = scriptedStore();
		const ledger = open(store);
		accuse(ledger, "d1");
		ledger.judge("d2", { principal: "ada" }, true);
		expect(store.writes).toEqual([]);
		await clock.advance(1_000);
		expect(store.writes).toEqual([["d1", "d2"]]);
		ledger.judge("d2", { principal: "ada" }, true);
		await ledger.close();
		expect(store.writes).toHaveLength(2);
		const again = open(store);
		await again.load();
		expect(again.trustOf("bob", "d1").quarantined).toBe(true);
		expect(again.trustOf("ada", "d2").validInRow).toBe(2);
		expect(again.creditOf("d2")?.validated).toBe(2);
	});

	it("is written later where that fails", async () => {
		const store = scriptedStore(1);
		const ledger = open(store);
		ledger.judge("d1", "everybody", true);
		await clock.advance(1_000);
		expect(store.writes).toEqual([]);
		ledger.judge("d2", "everybody", true);
		await clock.advance(1_000);
		expect(store.writes).toEqual([["d1", "d2"]]);
	});
});
