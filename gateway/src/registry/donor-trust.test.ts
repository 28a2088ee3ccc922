import { describe, expect, it } from "vitest";
import { ManualClock } from "@easyremote/shared/time";
import { principal } from "../socket/testing/test-gateway.js";
import { descriptor } from "../socket/testing/raw-peer.js";
import { createMemoryStore } from "../store/memory-store.js";
import type { Standing } from "../trust/donor-record.js";
import { MemoryRegistry } from "./memory-registry.js";
import { NodeEntry } from "./node-entry.js";
import { patienceFor } from "./node-health.js";
import { answerQuery } from "./provider-query.js";
import { NOTHING_PUBLISHED } from "./published-functions.js";

const ada = principal("ada", "call:*");
const bob = principal("bob", "call:*");
const NAME = "b@1/f";

function connection(id: string, donorId: string) {
	return {
		connectionId: `c-${id}`,
		principal: principal("tabs", "node:*"),
		donor: { id: donorId, trusted: false },
		profile: {
			kind: "donor" as const,
			tags: [],
			direct: true,
			load: { running: 0, queued: 0, maxConcurrent: 2 },
			engine: "chromium-156-x86_64",
		},
	};
}

function node(id: string, donorId: string): NodeEntry {
	const made = new NodeEntry(id, connection(id, donorId), 0, patienceFor(1e4));
	made.register([{ ...descriptor("f"), name: NAME }]);
	return made;
}

function ask(by: typeof ada, trustOf: (who: string, id: string) => Standing) {
	const nodes = new Map(
		[node("tab-1", "d1"), node("tab-2", "d2")].map((each) => [
			each.nodeId,
			each,
		]),
	);
	const inventory = { nodes, published: NOTHING_PUBLISHED, trustOf, nowMs: 0 };
	return answerQuery(inventory, { function: NAME }, by);
}

const standing = (validInRow: number, quarantined = false): Standing => ({
	validInRow,
	quarantined,
});

describe("routes to donors", () => {
	it("say what the asking principal may hold of each", () => {
		const trustOf = (who: string, id: string) =>
			standing(who === "ada" && id === "d1" ? 7 : 0);
		const shown = (by: typeof ada) =>
			ask(by, trustOf).providers.map(({ donor }) => donor);
		expect(shown(ada)).toEqual([
			{ id: "d1", trusted: false, validInRow: 7 },
			{ id: "d2", trusted: false, validInRow: 0 },
		]);
		expect(shown(bob).map((donor) => donor?.validInRow)).toEqual([0, 0]);
	});

	it("leave out those in quarantine, and then nobody is online", () => {
		const ids = (by: typeof ada) =>
			ask(by, (who, id) =>
				standing(0, who === "ada" && id === "d1"),
			).providers.map(({ nodeId }) => nodeId);
		expect(ids(ada)).toEqual(["tab-2"]);
		expect(ids(bob)).toEqual(["tab-1", "tab-2"]);
		const none = ask(ada, () => standing(0, true));
		expect(none.providers).toEqual([]);
		expect(none.error?.code).toBe("UNAVAILABLE");
	});

	it("tell a longer row as they tell load, and a quarantine at once", () => {
		const before = ask(ada, () => standing(1));
		const longer = ask(ada, () => standing(2));
		expect(longer.version).toBe(before.version);
		expect(longer.loadVersion).not.toBe(before.loadVersion);
		const fewer = ask(ada, (_who, id) => standing(1, id === "d1"));
		expect(fewer.version).not.toBe(before.version);
	});
});

describe("the donor of a node", () => {
	it("is known for a while after it has left, and its changes are told", async () => {
		const registry = new MemoryRegistry({
			identities: createMemoryStore().identities,
			clock: new ManualClock(),
		});
		const changed: (string | undefined)[] = [];
		registry.listen(({ nodeId }) => changed.push(nodeId));
		for (const [id, donorId] of [
			["tab-1", "d1"],
			["tab-2", "d2"],
			["tab-3", "d1"],
		] as const)
			await registry.join({
				...connection(id, donorId),
				nodeId: id,
			});
		await registry.leave("tab-1", "c-tab-1");
		expect(await registry.donorOf("tab-1")).toBe("d1");
		expect(await registry.donorOf("gpu-1")).toBeUndefined();
		changed.length = 0;
		registry.trustChanged("d1");
		expect(changed).toEqual(["tab-1", "tab-3"]);
		registry.close();
	});
});
