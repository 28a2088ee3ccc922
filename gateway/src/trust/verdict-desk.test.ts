import pino from "pino";
import { describe, expect, it } from "vitest";
import { ANONYMOUS, DEVELOPER } from "../auth/principal.js";
import { VerdictDesk } from "./verdict-desk.js";

function desk() {
	const said: unknown[] = [];
	const made = new VerdictDesk({
		ledger: {
			judge: (...verdict) => said.push(verdict),
			worked: (...work) => said.push(work),
		},
		donorOf: async (nodeId) => (nodeId === "tab-1" ? "d1" : undefined),
		log: pino({ level: "silent" }),
	});
	return { desk: made, said };
}

const ADA = { id: "key:ada", anonymous: false, grants: ["call:*"] };
const bad = { nodeId: "tab-1", function: "b@1/f", valid: false };

describe("a verdict", () => {
	it("of the gateway's own counts for everybody", async () => {
		const { desk: made, said } = desk();
		made.found(bad);
		await Promise.resolve();
		expect(said).toEqual([["d1", "everybody", false]]);
	});

	it("of an admin too, of a client for itself, of a stranger not at all", async () => {
		const { desk: made, said } = desk();
		made.told(bad, DEVELOPER);
		made.told(bad, ADA);
		made.told(bad, ANONYMOUS);
		await Promise.resolve();
		expect(said).toEqual([
			["d1", "everybody", false],
			["d1", { principal: "key:ada" }, false],
		]);
	});

	it("of what is no donor is about nobody", async () => {
		const { desk: made, said } = desk();
		made.found({ ...bad, nodeId: "gpu-1" });
		made.told({ ...bad, nodeId: "constructor" }, ADA);
		made.worked("gpu-1", 5);
		await Promise.resolve();
		expect(said).toEqual([]);
	});
});
