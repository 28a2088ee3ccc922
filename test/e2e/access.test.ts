import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKey } from "../support/create-key.js";
import { failure } from "../support/failure.js";
import { Network } from "../support/network.js";
import { postJson } from "../support/rest.js";
import { tempFolder } from "../support/temp-folder.js";

const functions = { add: (a: number, b: number) => a + b };
const open = { double: (n: number) => 2 * n };

describe("a gateway with keys", () => {
	let network: Network;
	let key: string;
	let narrow: string;
	beforeAll(async () => {
		const data = await tempFolder();
		const nodeKey = await createKey(data.path, "--role", "node");
		key = await createKey(data.path, "--role", "client");
		narrow = await createKey(
			data.path,
			"--role",
			"client",
			"--grant",
			"call:other.*",
		);
		network = Network.prepare({
			store: { path: data.path },
			auth: { allowAnonymous: true },
		});
		network.ownFirst(data);
		await network.listen();
		const node = await network.node(functions, { id: "worker", key: nodeKey });
		node.register("double", open.double, { public: true, authRequired: false });
	});
	afterAll(() => network.close());

	it.each(["relay", "direct"] as const)(
		"lets its holder call over the %s path",
		async (transport) => {
			const worker = network
				.client({ key, transport })
				.node<typeof functions>("worker");
			expect(await worker.add(1, 2)).toBe(3);
		},
	);

	it("refuses who has no key, but for functions that ask for none", async () => {
		const client = network.client({ retries: 0 });
		const refused = await failure(
			client.node<typeof functions>("worker").add(1, 2),
		);
		expect(["UNAUTHENTICATED", "PERMISSION_DENIED", "NOT_FOUND"]).toContain(
			refused.code,
		);
		expect(await client.node<typeof open>("worker").double(21)).toBe(42);
	});

	it("refuses a key it does not know, whatever is asked for", async () => {
		const bad = key.slice(0, -4) + (key.endsWith("AAAA") ? "BBBB" : "AAAA");
		for (const wrong of [bad, "nonsense"]) {
			const client = network.client({ key: wrong, retries: 0 });
			const error = await failure(client.node<typeof open>("worker").double(1));
			expect(error.code).toBe("UNAUTHENTICATED");
			expect(error.message).not.toContain(wrong);
		}
	});

	it("keeps to a key's grants", async () => {
		const client = network.client({ key: narrow, retries: 0 });
		const error = await failure(
			client.node<typeof functions>("worker").add(1, 2),
		);
		expect(["PERMISSION_DENIED", "NOT_FOUND"]).toContain(error.code);
	});

	it("treats REST alike", async () => {
		const call = (ref: string, token?: string) =>
			postJson(
				network.url,
				ref,
				{ args: [20, 22] },
				token === undefined ? {} : { authorization: `Bearer ${token}` },
			);
		expect(await call("worker.add", key)).toMatchObject({
			status: 200,
			json: { result: 42 },
		});
		expect(await call("worker.double")).toMatchObject({
			status: 200,
			json: { result: 40 },
		});
		expect([401, 403, 404]).toContain((await call("worker.add")).status);
		expect(await call("worker.double", "nonsense")).toMatchObject({
			status: 401,
			json: { code: "UNAUTHENTICATED" },
		});
		expect([403, 404]).toContain((await call("worker.add", narrow)).status);
		// Never in a URL.
		const inUrl = await fetch(`${network.url}/api/worker.add?key=${key}`, {
			method: "POST",
			body: '{"args":[1,2]}',
			headers: { "content-type": "application/json" },
		});
		expect(inUrl.ok).toBe(false);
	});

	it("refuses a node without a key that allows it", async () => {
		await expect(
			network.node(functions, { id: "stranger" }),
		).rejects.toMatchObject({
			code: expect.stringMatching(
				/UNAUTHENTICATED|PERMISSION_DENIED/,
			) as string,
		});
		await expect(
			network.node(functions, { id: "stranger", key }),
		).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
	});
});
