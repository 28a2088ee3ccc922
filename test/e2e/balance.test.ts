import { define } from "@easyremote/shared";
import { afterEach, describe, expect, it } from "vitest";
import { failure } from "../support/failure.js";
import { type Gate, gate } from "../support/gate.js";
import { Network } from "../support/network.js";
import { postJson } from "../support/rest.js";

let network: Network;
afterEach(() => network.close());

/** A module whose function says where it ran, once `release` has opened. */
const from = (place: string, release?: Gate) => ({
	where: async () => {
		await release?.opened;
		return place;
	},
});
type Where = ReturnType<typeof from>;

/** How many of each there are. */
function tally(places: readonly unknown[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const place of places)
		counts[String(place)] = (counts[String(place)] ?? 0) + 1;
	return counts;
}

describe.each([
	"round_robin",
	"least_connections",
	"resource_based",
	"latency_based",
] as const)("forty calls to two idle nodes under %s", (strategy) => {
	async function twoNodes(release?: Gate): Promise<void> {
		network = await Network.start({ routing: { strategy } });
		for (const id of ["a", "b"])
			await network.node(from(id, release), { id, maxConcurrent: 40 });
	}

	it("over HTTP at once are split 20 to 20", async () => {
		const release = gate();
		await twoNodes(release);
		const calls = Array.from({ length: 40 }, () =>
			postJson(network.url, "where", { args: [] }),
		);
		// None has ended before the last was sent.
		await expect
			.poll(async () => running(await fetch(`${network.url}/api/report`)))
			.toBe(40);
		release.open();
		const answers = await Promise.all(calls);
		expect(tally(answers.map(({ json }) => json?.["result"]))).toEqual({
			a: 20,
			b: 20,
		});
	});

	it("of ten clients, four each, are split 20 to 20", async () => {
		await twoNodes();
		const clients = Array.from({ length: 10 }, () => network.client());
		const places = await Promise.all(
			clients.flatMap((client) =>
				Array.from({ length: 4 }, () => client.any<Where>().where()),
			),
		);
		expect(tally(places)).toEqual({ a: 20, b: 20 });
	});

	it("of forty clients, one each, are split 20 to 20", async () => {
		await twoNodes();
		const clients = Array.from({ length: 40 }, () => network.client());
		const places = await Promise.all(
			clients.map((client) => client.any<Where>().where()),
		);
		expect(tally(places)).toEqual({ a: 20, b: 20 });
	});
});

async function running(response: Response): Promise<number> {
	const { http } = (await response.json()) as { http: { running: number } };
	return http.running;
}

describe("each choice", () => {
	it("tells its reason: in events, in meta, over HTTP", async () => {
		network = await Network.start({
			routing: { strategy: "least_connections" },
		});
		for (const id of ["a", "b"]) await network.node(from(id), { id });
		const reason = /^fewest calls \(\d\), among 2$/;
		const call = network.client().any<Where>().where();
		for await (const event of call.events())
			if (event.type === "routed") expect(event.reason).toMatch(reason);
		expect((await call.withMeta()).meta.routeReason).toMatch(reason);
		const { headers } = await postJson(network.url, "where", { args: [] });
		expect(headers.get("x-easyremote-route")).toMatch(reason);
		const named = await postJson(network.url, "a.where", { args: [] });
		expect(named.headers.get("x-easyremote-route")).toBe("the only one");
	});
});

describe("what a function needs", () => {
	it("keeps it from machines that lack it, and says what that is", async () => {
		network = await Network.start();
		const work = () => "done";
		await network.node(
			{
				modest: define({ resources: { memory: "1MB", cpu: 1 } }, work),
				vast: define({ resources: { memory: "4000TB" } }, work),
				wide: define({ resources: { cpu: 100_000 } }, work),
			},
			{ id: "machine" },
		);
		const machine = network.client({ retries: 0 }).node("machine");
		expect(await machine["modest"]?.()).toBe("done");
		for (const name of ["vast", "wide"]) {
			const { status, json } = await postJson(network.url, name, { args: [] });
			expect([status, json?.["code"]]).toEqual([503, "UNAVAILABLE"]);
			expect(json?.["detail"]).toMatch(/has .* (CPU cores|free memory)/);
			const error = await failure(machine[name]?.() ?? Promise.resolve());
			expect(error).toMatchObject({
				code: "UNAVAILABLE",
				details: { reason: "resources" },
			});
		}
	});
});

describe("the gateway's own strategy", () => {
	it("decides for HTTP and for clients, and does no harm when it fails", async () => {
		let fails = false;
		network = await Network.start({
			routing: {
				strategy: (candidates) => {
					if (fails) throw new Error("oops");
					return candidates.find(({ provider }) => provider.nodeId === "b");
				},
			},
		});
		for (const id of ["a", "b"]) await network.node(from(id), { id });
		const where = async () =>
			(await postJson(network.url, "where", { args: [] })).json?.["result"];
		const client = network.client().any<Where>();
		for (let call = 0; call < 4; call += 1) {
			expect(await where()).toBe("b");
			expect(await client.where()).toBe("b");
		}
		fails = true;
		expect(
			tally(await Promise.all([where(), where(), where(), where()])),
		).toEqual({ a: 2, b: 2 });
		expect(await network.client().any<Where>().where()).toMatch(/^[ab]$/);
	});
});
