import { define } from "@easyremote/shared";
import { afterEach, describe, expect, it } from "vitest";
import { failure } from "../support/failure.js";
import { Network } from "../support/network.js";
import { whenStarted } from "../support/outcome.js";
import { postJson } from "../support/rest.js";
import { tempFolder } from "../support/temp-folder.js";

let network: Network;
afterEach(() => network.close());

/** Functions that count their runs, and hold them up until told otherwise. */
function counted() {
	const runs: string[] = [];
	const waiting: (() => void)[] = [];
	const functions = {
		square: define({ cache: { ttl: "1m" } }, (_call, n: number) => {
			runs.push(`square ${n}`);
			return n * n;
		}),
		slow: define({ cache: { ttl: "1m" } }, async (_call, name: string) => {
			runs.push(`slow ${name}`);
			await new Promise<void>((resolve) => waiting.push(resolve));
			return name;
		}),
		broken: define({ cache: { ttl: "1m" } }, (_call, name: string): string => {
			runs.push(`broken ${name}`);
			throw new TypeError(`no ${name}`);
		}),
		items: define(
			{ cache: { ttl: "1m" } },
			async function* (_call, to: number) {
				runs.push(`items ${to}`);
				for (let n = 1; n <= to; n += 1) yield n;
			},
		),
		plain: (n: number) => {
			runs.push(`plain ${n}`);
			return n;
		},
	};
	const release = () => {
		for (const go of waiting.splice(0)) go();
	};
	return { functions, runs, waiting, release };
}

describe.each(["relay", "direct"] as const)("over the %s path", (transport) => {
	it("an equal call is answered without running the function, and says so", async () => {
		const { functions, runs } = counted();
		network = await Network.start();
		await network.node(functions, { id: "worker" });
		const client = network.client({ transport, retries: 0 });
		const worker = client.node<typeof functions>("worker");
		const first = await worker.square(4).withMeta();
		const second = await worker.square(4).withMeta();
		const other = await worker.square(5).withMeta();
		expect([first.value, second.value, other.value]).toEqual([16, 16, 25]);
		expect([first, second, other].map(({ meta }) => meta.cached)).toEqual([
			false,
			true,
			false,
		]);
		expect(second.meta.freshMs).toBeLessThanOrEqual(60_000);
		expect(runs).toEqual(["square 4", "square 5"]);
	});

	it("equal calls at once run once, and one that is cancelled ends for itself alone", async () => {
		const { functions, runs, waiting, release } = counted();
		network = await Network.start();
		await network.node(functions, { id: "worker" });
		const client = network.client({ transport, retries: 0 });
		const worker = client.node<typeof functions>("worker");
		// A direct path takes its time to open.
		await worker.plain(0);
		const calls = Array.from({ length: 5 }, () => worker.slow("a"));
		await expect.poll(() => waiting.length).toBe(1);
		for (const call of calls) await whenStarted(call);
		calls[0]?.cancel();
		expect((await failure(calls[0]!)).code).toBe("CANCELLED");
		release();
		expect(await Promise.all(calls.slice(1))).toEqual(["a", "a", "a", "a"]);
		expect(runs).toEqual(["plain 0", "slow a"]);
	});

	it("failures and streams are never kept", async () => {
		const { functions, runs } = counted();
		network = await Network.start();
		await network.node(functions, { id: "worker" });
		const client = network.client({ transport, retries: 0 });
		const worker = client.node<typeof functions>("worker");
		for (let n = 0; n < 2; n += 1) {
			expect((await failure(worker.broken("luck"))).message).toBe("no luck");
			const items: number[] = [];
			for await (const item of worker.items(2)) items.push(item);
			expect(items).toEqual([1, 2]);
			expect((await worker.plain(1).withMeta()).meta.cached).toBe(false);
		}
		expect(runs).toHaveLength(6);
	});
});

it("a client or a call that wants no kept answers gets none", async () => {
	const { functions, runs } = counted();
	network = await Network.start();
	await network.node(functions, { id: "worker" });
	const worker = network.client().node<typeof functions>("worker");
	await worker.square(2);
	const { meta } = await worker.square.with({ cache: false })(2).withMeta();
	expect(meta.cached).toBe(false);
	const strict = network.client({ cache: false });
	await strict.node<typeof functions>("worker").square(2);
	expect(runs).toHaveLength(3);
});

it("a node that keeps no answers runs every call", async () => {
	const { functions, runs } = counted();
	network = await Network.start();
	await network.node(functions, { id: "worker", caching: false });
	for (let n = 0; n < 2; n += 1) {
		const answer = await postJson(network.url, "worker.square", { args: [3] });
		expect(answer.json).toEqual({ result: 9 });
		expect(answer.headers.has("x-easyremote-cache")).toBe(false);
	}
	expect(runs).toHaveLength(2);
});

// The original's cache answered one call with the result of another.
it("no call is ever given the answer of another: function, arguments, their names, format", async () => {
	const cached = { cache: { ttl: "1m" } };
	const functions = {
		first: define(cached, (_call, ...args: unknown[]) => ["first", ...args]),
		second: define(cached, (_call, ...args: unknown[]) => ["second", ...args]),
	};
	network = await Network.start();
	await network.node(functions, { id: "worker" });
	await network.node(functions, { id: "other" });
	const bodies = [
		{ args: [] },
		{ args: [1] },
		{ args: ["1"] },
		{ args: [[1]] },
		{ args: [], kwargs: { a: 1 } },
		{ args: [{ a: "1" }] },
	];
	const wanted = [[], [1], ["1"], [[1]], [{ a: 1 }], [{ a: "1" }]];
	// Each twice, so that what was kept is given too.
	for (const round of ["miss", "hit"]) {
		for (const ref of ["worker.first", "worker.second", "other.first"]) {
			for (const [index, body] of bodies.entries()) {
				const answer = await postJson(network.url, ref, body);
				const name = ref.split(".")[1];
				expect(answer.json).toEqual({ result: [name, ...wanted[index]!] });
				expect(answer.headers.get("x-easyremote-cache")).toBe(round);
			}
		}
	}
});

describe("POST /api", () => {
	it("says hit or miss, and runs for who asks by Cache-Control", async () => {
		const { functions, runs } = counted();
		network = await Network.start();
		await network.node(functions, { id: "worker" });
		const ask = async (ref: string, headers = {}) => {
			const answer = await postJson(network.url, ref, { args: [3] }, headers);
			expect(answer.status).toBe(200);
			return answer.headers.get("x-easyremote-cache");
		};
		expect(await ask("worker.square")).toBe("miss");
		expect(await ask("worker.square")).toBe("hit");
		expect(await ask("worker.square", { "cache-control": "no-cache" })).toBe(
			"miss",
		);
		expect(await ask("worker.plain")).toBeNull();
		expect(runs).toEqual(["square 3", "square 3", "plain 3"]);
	});

	it("runs equal calls at once once, and says a hit of all but one", async () => {
		const { functions, runs, waiting, release } = counted();
		network = await Network.start();
		const node = await network.node(functions, { id: "worker" });
		let over = 0;
		node.addEventListener("call", () => {
			over += 1;
		});
		const asked = Array.from({ length: 4 }, () =>
			postJson(network.url, "worker.slow", { args: ["a"] }),
		);
		await expect.poll(() => waiting.length).toBe(1);
		release();
		const answers = await Promise.all(asked);
		expect(answers.map(({ json }) => json)).toEqual(
			answers.map(() => ({ result: "a" })),
		);
		expect(
			answers.map(({ headers }) => headers.get("x-easyremote-cache")).sort(),
		).toEqual(["hit", "hit", "hit", "miss"]);
		expect(runs).toEqual(["slow a"]);
		expect(over).toBe(4);
	});
});

describe("a gateway", () => {
	it("keeps answers of a versioned function over restarts of itself and of the node, for as long as it is that version", async () => {
		const folder = await tempFolder();
		const store = { path: folder.path };
		let runs = 0;
		const greet = (version: string) =>
			define({ cache: { ttl: "1h" }, version }, (_call, name: string) => {
				runs += 1;
				return `${version} ${name}`;
			});
		const seen: unknown[] = [];
		try {
			for (const version of ["1", "1", "2"]) {
				network = await Network.start({ store });
				const functions = { greet: greet(version) };
				await network.node(functions, { id: "worker" });
				const body = { args: ["Ada"] };
				const answer = await postJson(network.url, "worker.greet", body);
				expect(answer.headers.get("x-easyremote-node")).toBe("worker");
				const outcome = answer.headers.get("x-easyremote-cache");
				seen.push([answer.json?.["result"], outcome, runs]);
				await network.close();
			}
		} finally {
			await folder.close();
		}
		expect(seen).toEqual([
			["1 Ada", "miss", 1],
			["1 Ada", "hit", 1],
			["2 Ada", "miss", 2],
		]);
	});

	it("gives no kept answer where the call itself would be refused, or has nowhere to go", async () => {
		network = await Network.start({ auth: { allowAnonymous: false } });
		const greet = define({ cache: { ttl: "1h" }, version: "1" }, () => "hello");
		const node = await network.node({ greet }, { id: "worker" });
		const ask = () => postJson(network.url, "worker.greet", { args: [] });
		expect((await ask()).headers.get("x-easyremote-cache")).toBe("miss");
		expect((await ask()).headers.get("x-easyremote-cache")).toBe("hit");
		await node.close();
		await expect.poll(async () => (await ask()).status).toBe(503);
	});
});

it("a node started anew with another version of the function answers by that one", async () => {
	network = await Network.start();
	const answers = ["old", "new"];
	for (const [index, text] of answers.entries()) {
		const greet = define(
			{ cache: { ttl: "1h" }, version: String(index) },
			() => text,
		);
		const node = await network.node({ greet }, { id: "worker" });
		for (const outcome of ["miss", "hit"]) {
			const answer = await postJson(network.url, "worker.greet", { args: [] });
			expect(answer.json).toEqual({ result: text });
			expect(answer.headers.get("x-easyremote-cache")).toBe(outcome);
		}
		await node.close();
	}
});
