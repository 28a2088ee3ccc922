import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Connection, openDatabase } from "./database.js";
import { WriteBatch } from "./write-batch.js";

let folder: string;
let connection: Connection;
let batch: WriteBatch;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "easyremote-batch-"));
	connection = openDatabase(folder);
	connection.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)");
	batch = new WriteBatch(connection);
});
afterEach(() => {
	connection.close();
	rmSync(folder, { recursive: true, force: true });
});

const insert = (id: number, bytes = 1) =>
	batch.write("cannot write", () => {
		connection
			.prepare("INSERT INTO t VALUES (?, ?)")
			.run(id, Buffer.alloc(bytes));
	});
const count = () =>
	connection.prepare("SELECT count(*) AS n FROM t").all()[0] as { n: number };

it("writes what comes together in one transaction", async () => {
	const writes = Promise.all([insert(1), insert(2), insert(3)]);
	expect(count().n).toBe(0);
	await writes;
	expect(count().n).toBe(3);
});

it("lets each know how its own write went", async () => {
	const refusal = new EasyRemoteError("ALREADY_EXISTS", "taken");
	const outcomes = await Promise.allSettled([
		insert(1),
		insert(1),
		batch.write("cannot write", () => {
			connection.exec("INSERT INTO t VALUES (7, NULL)");
			throw refusal;
		}),
		insert(2),
	]);
	expect(outcomes).toMatchObject([
		{ status: "fulfilled" },
		{ status: "rejected", reason: { code: "UNAVAILABLE" } },
		{ status: "rejected", reason: refusal },
		{ status: "fulfilled" },
	]);
	expect(count().n).toBe(2);
});

it("says UNAVAILABLE while the disk is full, and goes on when there is room again", async () => {
	const limit = (pages: number) =>
		connection.pragma(`max_page_count = ${pages}`);
	limit(20);
	const [first, second] = await Promise.allSettled([
		insert(1, 500_000),
		insert(2),
	]);
	expect(first).toMatchObject({
		status: "rejected",
		reason: {
			code: "UNAVAILABLE",
			hint: expect.stringContaining("space") as string,
		},
	});
	expect(count().n).toBe(second.status === "fulfilled" ? 1 : 0);
	limit(10_000);
	await insert(1, 500_000);
	await insert(3);
	expect(connection.inTransaction).toBe(false);
});

it("writes what waits when it is told to", async () => {
	const writing = insert(1);
	batch.flush();
	expect(count().n).toBe(1);
	await writing;
});
