import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCommand } from "../support/commands.js";
import * as functions from "../support/functions.js";
import { Network } from "../support/network.js";
import { postJson } from "../support/rest.js";
import { rtcWithoutCandidates } from "../support/without-candidates.js";

interface Finding {
	readonly check: string;
	readonly status: string;
	readonly detail: string;
	readonly fix?: string;
	readonly [figure: string]: unknown;
}

async function doctor(gateway: string, ...flags: string[]) {
	const child = startCommand("client", [
		"doctor",
		"--gateway",
		gateway,
		...flags,
	]);
	const { code } = await child.exited;
	return { code, out: child.stdout, err: child.stderr };
}

function findings(out: string): Finding[] {
	return out
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as Finding);
}

/** What was found, by check. */
function byCheck(out: string): Record<string, Finding> {
	return Object.fromEntries(findings(out).map((each) => [each.check, each]));
}

describe("easyremote doctor", () => {
	let network: Network;
	beforeAll(async () => {
		network = await Network.start();
		await network.node(functions, { id: "well" });
		await network.node(functions, { id: "walled", rtc: rtcWithoutCandidates });
		await network.node(functions, { id: "shy", direct: false });
	});
	afterAll(() => network.close());

	it("finds all well, and measures both paths", async () => {
		const { code, out, err } = await doctor(network.url, "--node", "well");
		expect({ code, err }).toEqual({ code: 0, err: "" });
		const lines = out.trimEnd().split("\n");
		expect(lines.map((line) => line.slice(0, 17).trimEnd())).toEqual([
			"ok    gateway",
			"ok    credentials",
			"ok    stun",
			"skip  turn",
			// What to do about it.
			"",
			"ok    node",
			"ok    relay",
			"ok    direct",
		]);
		expect(out).not.toContain("\u001b");
	});

	it("says the same to programs, a line of JSON a check", async () => {
		const { code, out } = await doctor(network.url, "--node", "well", "--json");
		expect(code).toBe(0);
		const found = byCheck(out);
		expect(Object.keys(found)).toEqual([
			"gateway",
			"credentials",
			"stun",
			"turn",
			"node",
			"relay",
			"direct",
		]);
		const number: unknown = expect.any(Number);
		expect(found).toMatchObject({
			gateway: {
				status: "ok",
				version: expect.stringMatching(/^\d/) as string,
				ms: number,
			},
			credentials: { status: "ok", anonymous: false, ms: number },
			stun: {
				status: "ok",
				url: expect.stringMatching(/^stun:127\.0\.0\.1:\d+$/) as string,
				mapped: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
				rttMs: number,
			},
			turn: { status: "skipped", fix: expect.any(String) as string },
			node: { status: "ok", node: "well" },
			relay: {
				status: "ok",
				roundTripMs: number,
				upMBps: number,
				downMBps: number,
			},
			direct: {
				status: "ok",
				candidate: "host",
				openMs: number,
				roundTripMs: number,
				upMBps: number,
				downMBps: number,
				report: { state: "open", candidates: { local: { host: number } } },
			},
		});
	});

	it("explains why there is no direct path, where the relay is fine", async () => {
		const { code, out } = await doctor(
			network.url,
			"--node",
			"walled",
			"--json",
		);
		expect(code).toBe(1);
		const { relay, direct } = byCheck(out);
		expect(relay?.status).toBe("ok");
		expect(direct).toMatchObject({
			status: "failed",
			code: "UNAVAILABLE",
			detail: expect.stringContaining("found no ICE candidates") as string,
			fix: expect.stringMatching(
				/^at the far end: .*configure a TURN server/,
			) as string,
			report: { state: "failed" },
		});
	});

	it("measures by what is no function of a user: neither listed, nor open to REST", async () => {
		const listing = await fetch(`${network.url}/api`);
		expect(await listing.text()).not.toContain("$probe");
		const args = [{ $bytes: "" }, 0];
		expect(await postJson(network.url, "well.$probe", { args })).toMatchObject({
			status: 400,
			json: { code: "INVALID_ARGUMENT" },
		});
	});

	it("asks nothing of a node that takes no direct connections", async () => {
		const { code, out } = await doctor(network.url, "--node", "shy", "--json");
		expect(code).toBe(0);
		expect(byCheck(out)["direct"]?.status).toBe("skipped");
	});

	it("says that there is no such node", async () => {
		const { code, out } = await doctor(network.url, "--node", "gone");
		expect(code).toBe(1);
		expect(out).toMatch(/\nFAIL {2}node .*"gone".*\n +→ .*easyremote nodes/);
	});

	it("ends with 4 where the key is no good", async () => {
		const { code, out } = await doctor(network.url, "--key", "er_bad");
		expect(code).toBe(4);
		expect(out).toMatch(/^ok .*\nFAIL {2}credentials .*\n +→ .*key/);
		expect(out).not.toContain("er_bad");
	});

	it("ends with 3 where nobody answers", async () => {
		const gone = await Network.start();
		await gone.close();
		const { code, out } = await doctor(gone.url, "--json");
		expect(code).toBe(3);
		expect(findings(out)).toMatchObject([
			{
				check: "gateway",
				status: "failed",
				code: "UNAVAILABLE",
				fix: expect.any(String) as string,
			},
		]);
	});
});
