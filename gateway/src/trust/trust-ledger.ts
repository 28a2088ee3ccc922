import { toEasyRemoteError } from "@easyremote/shared/errors";
import type { CancelTimer, Clock } from "@easyremote/shared/time";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import type { DonorStore } from "../store/donor-store.js";
import { DonorRecord, type Judge, type Standing } from "./donor-record.js";

/** What was found is written this long after it at most, ms: many verdicts make one write. */
const WRITE_AFTER_MS = 1_000;
/** Donors in quarantine are looked at this often at least, ms: when it ends nobody says so. */
const LOOK_MS = 60_000;
/** Nobody lends more cores than this: what a donor says of its work is taken up to there. */
const MOST_CORES = 64;
/** A longer row makes no difference to how often results are compared. */
const LONGEST_ROW_TOLD = 20;

/** What a donor has given, and what is held of it. */
export interface DonorCredit {
	/** Thumbprint of its key. */
	readonly id: string;
	/** Time its functions ran, as it says itself, s. */
	readonly cpuSeconds: number;
	/** Results that were compared with others' and found valid. */
	readonly validated: number;
	/** How many of them in a row, as far as it counts for everybody. */
	readonly validInRow: number;
	/** In quarantine for everybody until then, ISO 8601. */
	readonly quarantinedUntil?: string | undefined;
}

export interface TrustLedgerOptions {
	/** Where it is kept; absent, it is forgotten with the process. */
	readonly store: DonorStore | undefined;
	readonly clock: Clock;
	readonly log: Logger;
	/** How long a donor is given no calls after three bad votes, ms. */
	readonly quarantineMs: number;
	/** Donors remembered; those of whom nothing was heard for longest are forgotten. */
	readonly maxDonors: number;
	/** What routes say of a donor has changed. */
	readonly changed: (donorId: string) => void;
}

interface Kept {
	readonly id: string;
	readonly record: DonorRecord;
	cpuMs: number;
	validated: number;
	/** When work was told last, on the clock's monotonic scale, ms. */
	toldAtMs: number;
}

/**
 * What callers found of donors' results, and what donors have given: by the thumbprints of their keys, whatever their
 * nodes are called.
 */
export class TrustLedger {
	readonly #options: TrustLedgerOptions;
	readonly #donors: LRUCache<string, Kept>;
	readonly #unwritten = new Set<string>();
	/** Of whom somebody is spared. */
	readonly #confined = new Set<string>();
	#cancelWrite: CancelTimer | undefined;
	#cancelLook: CancelTimer | undefined;
	#writing: Promise<void> = Promise.resolve();

	constructor(options: TrustLedgerOptions) {
		this.#options = options;
		this.#donors = new LRUCache({ max: options.maxDonors });
	}

	/** Reads what is stored. Throws UNAVAILABLE if that fails: without it, donors in quarantine would be back. */
	async load(): Promise<void> {
		const { store, quarantineMs, maxDonors, clock } = this.#options;
		for (const stored of (await store?.list(maxDonors)) ?? []) {
			const { id, record, cpuMs, validated } = stored;
			this.#donors.set(id, {
				id,
				record: new DonorRecord(quarantineMs, record),
				cpuMs,
				validated,
				toldAtMs: clock.monotonic(),
			});
			this.#watch(id);
		}
	}

	/** What a donor is to a principal. */
	trustOf(principalId: string, donorId: string): Standing {
		const { clock } = this.#options;
		const known = this.#donors.peek(donorId);
		if (!known) return { validInRow: 0, quarantined: false };
		return known.record.standing(principalId, clock.now());
	}

	/** Somebody has compared a result of a donor's. */
	judge(donorId: string, judge: Judge, valid: boolean): void {
		const { clock, log } = this.#options;
		const donor = this.#donor(donorId);
		const before = this.#shown(donor, judge);
		donor.record.judge(judge, valid, clock.now());
		if (valid) donor.validated += 1;
		else log.info({ donor: donorId }, "a donor's result differs from others'");
		this.#keep(donorId);
		this.#watch(donorId);
		if (this.#shown(donor, judge) !== before) this.#options.changed(donorId);
	}

	/** A donor's functions ran for so long, ms, as it says: it may boast, but not of more than fits into the time. */
	worked(donorId: string, ms: number): void {
		const nowMs = this.#options.clock.monotonic();
		const donor = this.#donor(donorId);
		const most = (nowMs - donor.toldAtMs) * MOST_CORES;
		donor.cpuMs += Math.min(ms, most);
		donor.toldAtMs = nowMs;
		this.#keep(donorId);
	}

	/** What one donor has given; undefined if nothing is known of it. */
	creditOf(donorId: string): DonorCredit | undefined {
		const donor = this.#donors.peek(donorId);
		return donor && this.#credit(donor);
	}

	/** What all have given, the one heard of last first. */
	credits(): readonly DonorCredit[] {
		return [...this.#donors.values()].map((donor) => this.#credit(donor));
	}

	/** Writes what has not been written, and looks no more. */
	async close(): Promise<void> {
		this.#cancelLook?.();
		this.#cancelWrite?.();
		this.#cancelWrite = undefined;
		await this.#writing;
		await this.#write();
	}

	#credit({ id, record, cpuMs, validated }: Kept): DonorCredit {
		const now = this.#options.clock.now();
		const until = record.quarantinedUntil(now);
		return {
			id,
			cpuSeconds: Math.round(cpuMs) / 1_000,
			validated,
			validInRow: record.standing(undefined, now).validInRow,
			...(until !== undefined && {
				quarantinedUntil: new Date(until).toISOString(),
			}),
		};
	}

	#donor(id: string): Kept {
		const { clock, quarantineMs } = this.#options;
		const known = this.#donors.get(id);
		if (known) return known;
		const donor = {
			id,
			record: new DonorRecord(quarantineMs),
			cpuMs: 0,
			validated: 0,
			toldAtMs: clock.monotonic() - LOOK_MS,
		};
		this.#donors.set(id, donor);
		return donor;
	}

	/** What routes show of it, as far as it makes a difference to callers. */
	#shown({ record }: Kept, judge: Judge): string {
		const now = this.#options.clock.now();
		const principal = judge === "everybody" ? undefined : judge.principal;
		const { validInRow, quarantined } = record.standing(principal, now);
		return `${Math.min(validInRow, LONGEST_ROW_TOLD)} ${quarantined} ${record.quarantinedUntil(now) ?? ""}`;
	}

	#watch(donorId: string): void {
		const { clock, quarantineMs } = this.#options;
		const donor = this.#donors.peek(donorId);
		if (!donor?.record.confined(clock.now())) return;
		this.#confined.add(donorId);
		this.#cancelLook ??= clock.schedule(Math.min(LOOK_MS, quarantineMs), () =>
			this.#look(),
		);
	}

	#look(): void {
		const { changed } = this.#options;
		this.#cancelLook = undefined;
		for (const id of [...this.#confined]) {
			this.#confined.delete(id);
			this.#watch(id);
			if (this.#confined.has(id)) continue;
			this.#keep(id);
			changed(id);
		}
	}

	#keep(donorId: string): void {
		const { store, clock } = this.#options;
		if (!store) return;
		this.#unwritten.add(donorId);
		this.#cancelWrite ??= clock.schedule(WRITE_AFTER_MS, () => {
			this.#writing = this.#write();
		});
	}

	/** What cannot be written is tried again with what follows. */
	async #write(): Promise<void> {
		const { store, clock, log, maxDonors } = this.#options;
		this.#cancelWrite = undefined;
		const ids = [...this.#unwritten];
		if (!store || ids.length === 0) return;
		this.#unwritten.clear();
		const donors = ids
			.map((id) => this.#donors.peek(id))
			.filter((donor) => donor !== undefined)
			.map(({ id, record, cpuMs, validated }) => ({
				id,
				record: record.stored(),
				cpuMs,
				validated,
			}));
		try {
			await store.write(donors, { at: clock.now(), keep: maxDonors });
		} catch (error) {
			log.error(
				{ err: toEasyRemoteError(error) },
				"what was found of donors could not be stored",
			);
			for (const id of ids) this.#unwritten.add(id);
		}
	}
}
