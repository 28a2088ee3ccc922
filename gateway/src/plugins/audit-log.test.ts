import { mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EasyRemoteError } from "@easyremote/shared/errors";
import { ManualClock } from "@easyremote/shared/time";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditLog } from "./audit-log.js";

const call = {
	id: "call_1",
	function: "add",
	nodeId: "calc",
	caller: { id: "key:1", subject: "anna", anonymous: false },
	durationMs: 1.23456,
	transport: "relay",
	cached: false,
} as const;

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "audit-log-"));
});
afterEach(() => rm(folder, { recursive: true }));

const linesOf = async (path: string): Promise<unknown[]> =>
	(await readFile(path, "utf8"))
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as unknown);

describe("auditLog", () => {
	it("writes a line for each call and node, in order, and nothing of what was said", async () => {
		const path = join(folder, "audit.ndjson");
		const clock = new ManualClock(Date.UTC(2026, 0, 2));
		const log = auditLog({ path, clock });
		const node = { nodeId: "calc", kind: "compute", tags: ["gpu"] } as const;
		const error = new EasyRemoteError("INVALID_ARGUMENT", "not 4711");
		await Promise.all([
			log.onNodeJoin?.(node),
			log.afterFunctionCall?.(call),
			log.onFunctionError?.({ ...call, id: "call_2", error }),
			log.onNodeLeave?.(node),
		]);
		const time = "2026-01-02T00:00:00.000Z";
		const common = {
			time,
			event: "call",
			function: "add",
			node: "calc",
			caller: "key:1",
			subject: "anna",
			ms: 1.235,
			transport: "relay",
			cached: false,
		};
		expect(await linesOf(path)).toEqual([
			{
				time,
				event: "node_joined",
				node: "calc",
				kind: "compute",
				tags: ["gpu"],
			},
			{ ...common, id: "call_1", outcome: "OK" },
			{ ...common, id: "call_2", outcome: "INVALID_ARGUMENT" },
			{
				time,
				event: "node_left",
				node: "calc",
				kind: "compute",
				tags: ["gpu"],
			},
		]);
		expect(await readFile(path, "utf8")).not.toContain("4711");
		expect((await stat(path)).mode & 0o777).toBe(0o600);
	});

	it("goes on in a new file when the old one was moved away", async () => {
		const path = join(folder, "audit.ndjson");
		const log = auditLog({ path });
		await log.afterFunctionCall?.(call);
		await rename(path, `${path}.1`);
		await log.afterFunctionCall?.({ ...call, id: "call_2" });
		expect(await linesOf(`${path}.1`)).toMatchObject([{ id: "call_1" }]);
		expect(await linesOf(path)).toMatchObject([{ id: "call_2" }]);
	});

	it("loses a line that cannot be written, says so, and goes on", async () => {
		const path = join(folder, "later", "audit.ndjson");
		const log = auditLog({ path });
		await expect(log.afterFunctionCall?.(call)).rejects.toThrow("ENOENT");
		await expect(log.afterFunctionCall?.(call)).rejects.toThrow("ENOENT");
	});

	it("keeps lines whole however many come at once", async () => {
		const path = join(folder, "audit.ndjson");
		const log = auditLog({ path });
		const ids = Array.from({ length: 500 }, (_, index) => `call_${index}`);
		await Promise.all(
			ids.map(async (id) => log.afterFunctionCall?.({ ...call, id })),
		);
		const lines = (await linesOf(path)) as { id: string }[];
		expect(lines.map(({ id }) => id)).toEqual(ids);
	});

	it("refuses to be made without a path", () => {
		expect(() => auditLog({ path: "" })).toThrow('"path" of auditLog');
	});
});
