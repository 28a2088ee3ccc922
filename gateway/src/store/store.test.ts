import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EasyRemoteError } from "@easyremote/shared/errors";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundleOf } from "../bundles/testing/bundle-of.js";
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

	describe("of bundles", () => {
		const bytes = new Uint8Array([1, 2, 3]);
		const record = (name: string, version: string, publishedAt: number) => ({
			manifest: bundleOf({ name, version }).manifest,
			publisher: "laptop",
			publishedAt,
		});
		const bundles = () => {
			if (!store.bundles) throw new Error("this store keeps no bundles");
			return store.bundles;
		};
		const { sha256 } = bundleOf().manifest;

		it("keeps versions as they were given, in the order they were published", async () => {
			const all = [
				record("b", "1", 10),
				record("a", "1", 20),
				record("b", "2", 30),
				record("__proto__", "1", 40),
			];
			for (const each of all) await bundles().insert(each, bytes);
			expect(await bundles().list()).toEqual(all);
			expect(await bundles().code(sha256)).toEqual(bytes);
			expect(await bundles().code("0".repeat(64))).toBeUndefined();
		});

		it("refuses another content under a version, and keeps the first", async () => {
			await bundles().insert(record("a", "1", 10), bytes);
			await expect(
				bundles().insert(
					{ ...record("a", "1", 20), publisher: "other" },
					bytes,
				),
			).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
			expect(await bundles().list()).toEqual([record("a", "1", 10)]);
		});

		it("keeps code as long as a version has it", async () => {
			await bundles().insert(record("a", "1", 10), bytes);
			await bundles().insert(record("a", "2", 20), bytes);
			await bundles().insert(record("b", "1", 30), bytes);
			expect(await bundles().remove("a", "2")).toBe(1);
			expect(await bundles().remove("a", "2")).toBe(0);
			expect(await bundles().remove("a", undefined)).toBe(1);
			expect(await bundles().code(sha256)).toEqual(bytes);
			expect(await bundles().remove("b", undefined)).toBe(1);
			expect(await bundles().code(sha256)).toBeUndefined();
			expect(await bundles().list()).toEqual([]);
		});
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

	it("keeps bundles over a crash, and code that versions share once", async () => {
		const store = openSqliteStore(folder);
		const { manifest } = bundleOf();
		const said = { publisher: "laptop", publishedAt: 10 };
		const bytes = new Uint8Array(100_000).fill(7);
		await store.bundles?.insert({ manifest, ...said }, bytes);
		const other = { ...manifest, version: "2" };
		await store.bundles?.insert({ manifest: other, ...said }, bytes);
		const second = openSqliteStore(folder);
		expect(await second.bundles?.list()).toEqual([
			{ manifest, ...said },
			{ manifest: other, ...said },
		]);
		expect(await second.bundles?.code(manifest.sha256)).toEqual(bytes);
		const connection = new Database(join(folder, "easyremote.db"));
		expect(
			connection.prepare("SELECT sha256 FROM bundle_code").all(),
		).toHaveLength(1);
		connection.close();
		await second.close();
		await store.close();
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
