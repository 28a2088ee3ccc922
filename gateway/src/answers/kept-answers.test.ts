import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeepableCall, KnownAnswer } from "@easyremote/shared/caller";
import { decodeValue, encodeValue } from "@easyremote/shared/codec";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { FunctionDescriptor, Provider } from "@easyremote/shared/protocol";
import { ManualClock } from "@easyremote/shared/time";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Principal } from "../auth/principal.js";
import { DEFAULT_LIMITS } from "../config/gateway-limits.js";
import { openSqliteStore } from "../store/sqlite-store.js";
import type { Store } from "../store/store.js";
import { AnswerShelf, type AnswerShelfOptions } from "./answer-shelf.js";
import { KeptAnswers } from "./kept-answers.js";

const anna: Principal = {
	id: "key:a",
	subject: "a",
	anonymous: false,
	grants: ["call:*"],
};
const descriptor = {
	name: "add",
	version: "1",
	public: false,
	authRequired: true,
	idempotent: false,
	stream: false,
	cacheTtlMs: 60_000,
};
const call: KeepableCall = {
	nodeId: "calc",
	descriptor,
	args: encodeValue([1, 2]),
	named: false,
	accept: "json",
};
const answer = (value: unknown, freshMs = 60_000) => ({
	value: encodeValue(value),
	freshMs,
	runMs: 5,
});

let folder: string;
let store: Store;
let clock: ManualClock;
/** What the node offers; undefined while it is gone. */
let offered: FunctionDescriptor | undefined;
const made: AnswerShelf[] = [];
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "kept-answers-"));
	store = openSqliteStore(folder);
	clock = new ManualClock();
	offered = descriptor;
});
afterEach(async () => {
	for (const shelf of made.splice(0)) await shelf.close();
	await store.close();
	await rm(folder, { recursive: true });
});

function answerShelf(options: Partial<AnswerShelfOptions> = {}): AnswerShelf {
	const shelf = new AnswerShelf({
		store: store.answers,
		limits: DEFAULT_LIMITS,
		clock,
		log: pino({ level: "silent" }),
		...options,
	});
	made.push(shelf);
	return shelf;
}

const registry = {
	providersFor: () =>
		Promise.resolve({
			providers: offered
				? [{ functions: [offered] } as unknown as Provider]
				: [],
			error: undefined,
			version: "1",
			loadVersion: "1",
		}),
};

function find(shelf: AnswerShelf, asked = call, principal = anna) {
	return new KeptAnswers({ shelf, registry, principal }).find(asked);
}

async function keep(
	shelf: AnswerShelf,
	given: KnownAnswer = answer(3),
	asked = call,
): Promise<void> {
	(await find(shelf, asked))?.keep(given);
	// It is made sure first that the node still offers it.
	await clock.advance(0);
}

async function known(shelf: AnswerShelf, asked = call, who = anna) {
	const found = (await find(shelf, asked, who))?.known;
	return found && { ...found, value: found.value && decodeValue(found.value) };
}

describe("kept answers", () => {
	it("are given until they expire", async () => {
		const kept = answerShelf();
		expect(await known(kept)).toBeUndefined();
		await keep(kept);
		await clock.advance(20_000);
		expect(await known(kept)).toEqual({ value: 3, freshMs: 40_000, runMs: 5 });
		await clock.advance(40_000);
		expect(await known(kept)).toBeUndefined();
	});

	it("outlive the gateway, also the value undefined", async () => {
		const before = answerShelf();
		await keep(before);
		const other = { ...call, args: encodeValue([]) };
		await keep(before, { value: undefined, freshMs: 60_000, runMs: 1 }, other);
		await before.close();
		await store.close();
		store = openSqliteStore(folder);
		await clock.advance(10_000);
		const after = answerShelf();
		expect(await known(after)).toEqual({ value: 3, freshMs: 50_000, runMs: 5 });
		expect(await known(after, other)).toMatchObject({ value: undefined });
		expect(after.figures.answers).toBe(2);
	});

	it("are written soon without anybody's waiting, and no timer is left", async () => {
		await keep(answerShelf());
		await clock.advance(1_000);
		expect(clock.pending).toBe(0);
		expect(await known(answerShelf())).toMatchObject({ value: 3 });
	});

	it.each([
		["another node", { nodeId: "other" }],
		["another version", { descriptor: { ...descriptor, version: "2" } }],
		["another function", { descriptor: { ...descriptor, name: "sub" } }],
		["other arguments", { args: encodeValue([2, 1]) }],
		["another format", { accept: "msgpack" }],
	])("are not given for %s", async (_what, change) => {
		const kept = answerShelf();
		await keep(kept);
		expect(await known(kept, { ...call, ...change })).toBeUndefined();
	});

	it("are not given to another principal, nor to one whose grants have changed", async () => {
		const kept = answerShelf();
		await keep(kept);
		expect(await known(kept, call, { ...anna, id: "key:b" })).toBeUndefined();
		expect(await known(kept, call, { ...anna, grants: [] })).toBeUndefined();
	});

	it.each([
		["does not ask for it", { cacheTtlMs: undefined }],
		["has no version", { version: undefined }],
		["gives streams", { stream: true }],
	])("are not kept of a function that %s", (_what, change) => {
		const changed = { ...descriptor, ...change } as FunctionDescriptor;
		const asked = { ...call, descriptor: changed };
		expect(find(answerShelf(), asked)).toBeUndefined();
	});

	it("are neither given nor kept while the node offers another version, or is gone", async () => {
		const kept = answerShelf();
		await keep(kept);
		for (const now of [undefined, { ...descriptor, version: "2" }]) {
			offered = now;
			expect(await known(kept)).toBeUndefined();
			await keep(kept, answer("of the other"));
		}
		offered = descriptor;
		expect(await known(kept)).toMatchObject({ value: 3 });
	});

	it("stay in memory where they are large or short-lived", async () => {
		for (const given of [answer("x".repeat(70_000)), answer(3, 4_999)]) {
			const before = answerShelf();
			await keep(before, given);
			expect(await known(before)).toBeDefined();
			await before.close();
			expect(await known(answerShelf())).toBeUndefined();
		}
	});

	it("do not come back when they were replaced by one that is not written", async () => {
		const before = answerShelf();
		await keep(before);
		await clock.advance(1_000);
		await keep(before, answer("x".repeat(70_000)));
		await before.close();
		expect(await known(answerShelf())).toBeUndefined();
	});

	it("in the database make room for those that are fresh for longer", async () => {
		const limits = { ...DEFAULT_LIMITS, maxStoredBytes: 250 };
		const before = answerShelf({ limits });
		const asked = [1, 2, 3].map((n) => ({ ...call, args: encodeValue([n]) }));
		for (const [index, each] of asked.entries()) {
			await keep(before, answer("x".repeat(100), 60_000 - index), each);
		}
		await before.close();
		const after = answerShelf();
		const found = await Promise.all(asked.map((each) => known(after, each)));
		expect(found.map((each) => each !== undefined)).toEqual([
			true,
			true,
			false,
		]);
	});

	it("are made anew where the store fails, and where there is none", async () => {
		const broken = {
			read: () => Promise.reject(new EasyRemoteError("UNAVAILABLE", "no disk")),
			write: () => Promise.reject(new EasyRemoteError("UNAVAILABLE", "full")),
		};
		for (const behind of [broken, undefined]) {
			const kept = answerShelf({ store: behind });
			expect(await known(kept)).toBeUndefined();
			await keep(kept);
			await clock.advance(1_000);
			expect(await known(kept)).toMatchObject({ value: 3 });
			await kept.close();
		}
	});
});
