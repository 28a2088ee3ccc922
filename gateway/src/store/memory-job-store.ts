import { isJobOver } from "@easyremote/shared/protocol";
import { EasyRemoteError } from "@easyremote/shared/errors";
import type { JobRecord } from "./job-record.js";
import type { JobStore } from "./job-store.js";

interface Kept {
	readonly record: JobRecord;
	readonly input: Uint8Array | undefined;
	readonly result: Uint8Array | undefined;
}

/** Jobs that live as long as their process. */
export function createMemoryJobStore(): JobStore {
	const jobs = new Map<string, Kept>();
	const keys = new Map<string, string>();

	const change = (id: string, by: (kept: Kept) => Kept) => {
		const kept = jobs.get(id);
		if (kept) jobs.set(id, by(kept));
	};
	const remove = (id: string) => {
		const record = jobs.get(id)?.record;
		if (record?.claim) keys.delete(keyOf(record.principal.id, record.claim));
		jobs.delete(id);
	};

	return {
		async insert(record, input) {
			const { claim, principal } = record;
			if (claim) {
				const key = keyOf(principal.id, claim);
				if (keys.has(key)) throw keyTaken();
				keys.set(key, record.id);
			}
			jobs.set(record.id, { record, input, result: undefined });
		},
		async find(id) {
			return jobs.get(id)?.record;
		},
		async findByKey(owner, key) {
			return jobs.get(keys.get(keyOf(owner, { key })) ?? "")?.record;
		},
		async list({ owner, after, limit }) {
			const own = [...jobs.values()]
				.map(({ record }) => record)
				.filter(
					({ kind, principal }) => kind === "job" && principal.id === owner,
				)
				.sort(newestFirst);
			const behind = after
				? own.filter((record) => newestFirst(after, record) < 0)
				: own;
			return behind.slice(0, limit);
		},
		async recover() {
			return [...jobs.values()]
				.map(({ record }) => record)
				.filter(({ status }) => !isJobOver(status));
		},
		async mark(id, mark) {
			change(id, (kept) =>
				isJobOver(kept.record.status)
					? kept
					: { ...kept, record: { ...kept.record, ...mark } },
			);
		},
		async finish(id, { releaseKey = false, ...end }, result) {
			change(id, ({ record }) => {
				const { claim, ...rest } = record;
				if (claim && releaseKey) keys.delete(keyOf(record.principal.id, claim));
				const kept = releaseKey ? rest : record;
				return { record: { ...kept, ...end }, input: undefined, result };
			});
		},
		async remove(id) {
			remove(id);
		},
		async input(id) {
			return jobs.get(id)?.input;
		},
		async result(id) {
			return jobs.get(id)?.result;
		},
		async sweep(now, limit) {
			const expired = [...jobs.values()]
				.filter(
					({ record: { expiresAt } }) =>
						expiresAt !== undefined && expiresAt <= now,
				)
				.slice(0, limit);
			for (const { record } of expired) remove(record.id);
			return expired.length;
		},
	};
}

/** What a job with an idempotency key that its owner has used already is refused with. */
export function keyTaken(): EasyRemoteError {
	return new EasyRemoteError(
		"ALREADY_EXISTS",
		"this idempotency key is in use",
		{ hint: "Use a new key for each intent." },
	);
}

function keyOf(owner: string, { key }: { readonly key: string }): string {
	return `${owner}\n${key}`;
}

function newestFirst(
	a: Pick<JobRecord, "id" | "createdAt">,
	b: Pick<JobRecord, "id" | "createdAt">,
): number {
	return b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}
