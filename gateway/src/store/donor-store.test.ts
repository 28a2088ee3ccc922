import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DonorRecord } from "../trust/donor-record.js";
import type { StoredDonor } from "./donor-store.js";
import { openSqliteStore } from "./sqlite-store.js";

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "easyremote-donors-"));
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

function donor(id: string, validated = 0): StoredDonor {
	const record = new DonorRecord(1_000);
	record.judge({ principal: "ada" }, false, 5);
	return { id, record: record.stored(), cpuMs: 12.5, validated };
}

it("keeps what is known of donors, the latest of them, through a restart", async () => {
	const store = openSqliteStore(folder);
	await store.donors?.write([donor("d1"), donor("d2")], { at: 1, keep: 10 });
	await store.donors?.write([donor("d3")], { at: 2, keep: 10 });
	await store.donors?.write([donor("d1", 4)], { at: 3, keep: 2 });
	await store.close();
	const again = openSqliteStore(folder);
	expect(await again.donors?.list(10)).toEqual([donor("d3"), donor("d1", 4)]);
	expect(await again.donors?.list(1)).toEqual([donor("d1", 4)]);
	await again.close();
});
