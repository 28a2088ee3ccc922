import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EasyRemoteError } from "@easyremote/shared/errors";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryStore } from "./memory-store.js";
import { openSqliteStore } from "./sqlite-store.js";
import type { KeyRecord, Store } from "./store.js";

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "easyremote-store-"));
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

const key: KeyRecord = {
	id: "abcd1234",
	hash: "07".repeat(32),
	role: "client",
	name: "laptop",
	grants: ["call:*"],
	createdAt: 1_000,
	expiresAt: 9_000,
};

const implementations: readonly (readonly [string, () => Store])[] = [
	["memory", createMemoryStore],
	["sqlite", () => openSqliteStore(folder)],
];

describe.each(implementations)("%s store", (_name, open) => {
	let store: Store;

	beforeEach(() => {
		store = open();
	});

	afterEach(async () => {
		await store.close();
	});

	it("keeps keys as they were given, oldest first", async () => {
		const second = {
			...key,
			id: "zzzz0000",
			createdAt: 2_000,
			expiresAt: undefined,
			name: "naïve “quotes”; DROP",
		};
		await store.keys.insert(key);
		await store.keys.insert(second);
		const listed = await store.keys.list();
		expect(listed.map((each) => each.id)).toEqual(["abcd1234", "zzzz0000"]);
		expect(listed[0]).toEqual(key);
		expect(listed[1]?.name).toBe(second.name);
		expect(listed[1]?.expiresAt).toBeUndefined();
	});

	it("refuses a second key with the same id", async () => {
		await store.keys.insert(key);
		await expect(
			store.keys.insert({ ...key, name: "other" }),
		).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
		expect((await store.keys.list())[0]?.name).toBe("laptop");
	});

	it("revokes a key, keeping the first time", async () => {
		await store.keys.insert(key);
		expect(await store.keys.revoke(key.id, 5_000)).toBe(true);
		expect(await store.keys.revoke(key.id, 6_000)).toBe(true);
		expect((await store.keys.list())[0]?.revokedAt).toBe(5_000);
		expect(await store.keys.revoke("nobody00", 5_000)).toBe(false);
	});

	it("binds a node id to the first owner for good", async () => {
		expect(await store.identities.bind("gpu-1", "key:a", 1)).toBe("key:a");
		expect(await store.identities.bind("gpu-1", "key:b", 2)).toBe("key:a");
		expect(await store.identities.bind("gpu-1", "key:a", 3)).toBe("key:a");
		expect(await store.identities.bind("__proto__", "key:b", 3)).toBe("key:b");
	});

	it("answers another version after a write, and the same without one", async () => {
		const before = await store.version();
		expect(await store.version()).toBe(before);
		await store.keys.insert(key);
		const written = await store.version();
		expect(written).not.toBe(before);
		await store.keys.revoke(key.id, 5_000);
		expect(await store.version()).not.toBe(written);
	});

	it("may be closed twice", async () => {
		await store.close();
		await store.close();
	});
});

describe("sqlite store", () => {
	it("keeps everything across a restart, in a file of its own that nobody else may read", async () => {
		const first = openSqliteStore(join(folder, "deep", "data"));
		await first.keys.insert(key);
		await first.identities.bind("gpu-1", "key:a", 1);
		await first.close();
		expect(
			statSync(join(folder, "deep", "data", "easyremote.db")).mode & 0o077,
		).toBe(0);
		const second = openSqliteStore(join(folder, "deep", "data"));
		expect(await second.keys.list()).toEqual([key]);
		expect(await second.identities.bind("gpu-1", "key:b", 2)).toBe("key:a");
		await second.close();
	});

	it("shows another process's writes in its version", async () => {
		const gateway = openSqliteStore(folder);
		const commandLine = openSqliteStore(folder);
		const before = await gateway.version();
		await commandLine.keys.insert(key);
		expect(await gateway.version()).not.toBe(before);
		expect(await gateway.keys.list()).toHaveLength(1);
		await gateway.close();
		await commandLine.close();
	});

	it("names the folder it cannot use", () => {
		writeFileSync(join(folder, "file"), "");
		expect(() => openSqliteStore(join(folder, "file"))).toThrow(
			expect.objectContaining({
				code: "UNAVAILABLE",
				message: expect.stringContaining(join(folder, "file")) as string,
			}),
		);
		writeFileSync(
			join(folder, "easyremote.db"),
			"this is not a database, whatever its name says".repeat(100),
		);
		expect(() => openSqliteStore(folder)).toThrow(EasyRemoteError);
	});

	it("refuses a database of a newer release", async () => {
		await openSqliteStore(folder).close();
		const connection = new Database(join(folder, "easyremote.db"));
		connection.exec("PRAGMA user_version = 999");
		connection.close();
		expect(() => openSqliteStore(folder)).toThrow(
			expect.objectContaining({ code: "UNIMPLEMENTED" }),
		);
	});
});
