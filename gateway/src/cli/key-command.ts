import { EasyRemoteError } from "@easyremote/shared/errors";
import { parseDuration } from "@easyremote/shared/functions";
import { isGrant } from "@easyremote/shared/security";
import { createKey } from "../auth/create-key.js";
import { openSqliteStore } from "../store/sqlite-store.js";
import {
	KEY_ROLES,
	type KeyRecord,
	type KeyRole,
	type Store,
} from "../store/store.js";
import type { Output } from "./output.js";

const DAY_MS = 86_400_000;

/** What `key create` was told. */
export interface KeyCreateFlags {
	readonly role: string;
	readonly name?: string | undefined;
	readonly grant?: readonly string[] | undefined;
	readonly expires?: string | undefined;
}

/** `key create`: prints the key, which nobody can do again. */
export async function keyCreate(
	folder: string,
	flags: KeyCreateFlags,
	output: Output,
	now: number,
): Promise<void> {
	const wanted = {
		role: readRole(flags.role),
		name: flags.name,
		grants: flags.grant?.map(readGrant),
		expiresAt:
			flags.expires === undefined ? undefined : now + readExpiry(flags.expires),
	};
	await withStore(folder, async (store) => {
		const { key, record } = await createKey(store, wanted, now);
		output.result({ ...show(record, now), key }, key);
		output.note(
			`The key is shown this once. It is ${describe(record)}. Revoke it with: easyremote-gateway key revoke ${record.id}`,
		);
	});
}

/** `key list`. */
export async function keyList(
	folder: string,
	output: Output,
	now: number,
): Promise<void> {
	await withStore(folder, async (store) => {
		const keys = await store.keys.list();
		for (const key of keys) {
			const shown = show(key, now);
			output.result(
				shown,
				[
					key.id,
					shown.state.padEnd(7),
					key.role.padEnd(9),
					key.name || "-",
					key.grants.join(" "),
				].join("  "),
			);
		}
		if (keys.length === 0) output.note("There are no keys.");
	});
}

/** `key revoke`: a running gateway notices within seconds. Throws NOT_FOUND. */
export async function keyRevoke(
	folder: string,
	id: string,
	output: Output,
	now: number,
): Promise<void> {
	await withStore(folder, async (store) => {
		// Somebody may well paste the whole key.
		const keyId = /^er_([^_]{8})_/.exec(id)?.[1] ?? id;
		if (!(await store.keys.revoke(keyId, now))) {
			throw new EasyRemoteError(
				"NOT_FOUND",
				`there is no key ${keyId.slice(0, 40)} in ${folder}`,
				{
					hint: "easyremote-gateway key list shows them.",
				},
			);
		}
		output.result({ id: keyId, state: "revoked" }, `revoked ${keyId}`);
	});
}

async function withStore(
	folder: string,
	work: (store: Store) => Promise<void>,
): Promise<void> {
	const store = openSqliteStore(folder);
	try {
		await work(store);
	} finally {
		await store.close();
	}
}

/** A key as it may be shown: neither the key nor its hash. */
function show(key: KeyRecord, now: number) {
	return {
		id: key.id,
		role: key.role,
		name: key.name,
		grants: key.grants,
		state: stateOf(key, now),
		createdAt: new Date(key.createdAt).toISOString(),
		expiresAt:
			key.expiresAt === undefined
				? null
				: new Date(key.expiresAt).toISOString(),
	};
}

function stateOf(key: KeyRecord, now: number): "valid" | "expired" | "revoked" {
	if (key.revokedAt !== undefined) return "revoked";
	return key.expiresAt !== undefined && key.expiresAt <= now
		? "expired"
		: "valid";
}

function describe(record: KeyRecord): string {
	const until =
		record.expiresAt === undefined
			? "does not expire"
			: `expires ${new Date(record.expiresAt).toISOString()}`;
	return `for role ${record.role} (${record.grants.join(" ")}) and ${until}`;
}

function readRole(text: string): KeyRole {
	const role = KEY_ROLES.find((each) => each === text);
	if (role) return role;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`invalid --role “${text}”: it is one of ${KEY_ROLES.join(", ")}`,
	);
}

function readGrant(text: string): string {
	if (isGrant(text)) return text;
	throw new EasyRemoteError("INVALID_ARGUMENT", `invalid --grant “${text}”`, {
		hint: "Grants are call:GLOB, node:GLOB, publish:GLOB or admin, for example call:gpu-*.resize",
	});
}

/** Days are for keys only; the rest is as durations are everywhere. */
function readExpiry(text: string): number {
	const days = /^(\d{1,5})d$/.exec(text)?.[1];
	const ms = days === undefined ? parseDuration(text) : Number(days) * DAY_MS;
	if (ms > 0) return ms;
	throw new EasyRemoteError(
		"INVALID_ARGUMENT",
		`invalid --expires “${text}”: it must be over 0`,
	);
}
