import { deferred } from "@easyremote/shared/async";
import { RemoteFunctionError } from "@easyremote/shared/errors";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { poster, problem } from "./testing/requests.js";
import { scriptedApp } from "./testing/scripted-app.js";

const gone = deferred();

const { app, running, close } = scriptedApp({
	add: ([a, b]) => Number(a) + Number(b),
	size: ([data]) => (data as Uint8Array).length,
	throws: () => {
		throw new RemoteFunctionError("TypeError", "not an image", {
			remoteStack: "at secret.js:1",
		});
	},
	hang: (_args, { signal }) => {
		signal.addEventListener("abort", () => gone.resolve());
		return new Promise(() => undefined);
	},
});
const post = poster(app);

afterEach(() => {
	expect(running.count).toBe(0);
});

afterAll(close);

describe("failures", () => {
	it("of the function are told without its stack", async () => {
		const response = await post("/api/throws", {});
		expect(response.status).toBe(500);
		expect(response.headers.get("x-easyremote-node")).toBe("scripted");
		expect(await problem(response)).toMatchObject({
			code: "FUNCTION_ERROR",
			detail: "not an image",
			remoteName: "TypeError",
		});
	});

	it("name functions that are not there", async () => {
		const response = await post("/api/missing", {});
		expect(response.status).toBe(404);
		expect(await problem(response)).toMatchObject({
			code: "NOT_FOUND",
			hint: expect.any(String) as string,
		});
	});

	it.each([
		"%2e%2e%2f",
		"%00",
		"a%00b",
		"%252e",
		"add.",
		".add",
		"a.b.c",
		"1a",
		"x".repeat(65),
		"__proto__.x",
		"%F0%9F%A6%91",
		"%zz",
		"a%2Fb",
	])("come of bad names: %s", async (name) => {
		const response = await post(`/api/${name}`, {});
		expect([400, 404]).toContain(response.status);
		expect(["INVALID_ARGUMENT", "NOT_FOUND"]).toContain(
			(await problem(response))["code"],
		);
	});

	it("of time come from x-easyremote-timeout, and free the node", async () => {
		const response = await post(
			"/api/hang",
			{},
			{ "x-easyremote-timeout": "20" },
		);
		expect(response.status).toBe(504);
		expect(await problem(response)).toMatchObject({
			code: "DEADLINE_EXCEEDED",
		});
		await gone.promise;
		for (const bad of ["0", "-1", "soon", "1e3", ""]) {
			expect(
				(await post("/api/add", {}, { "x-easyremote-timeout": bad })).status,
			).toBe(400);
		}
	});

	it("of a caller who leaves cancel the call", async () => {
		const controller = new AbortController();
		const request = new Request("http://localhost/api/hang", {
			method: "POST",
			signal: controller.signal,
		});
		const answered = app.request(request);
		setImmediate(() => controller.abort());
		expect((await answered).status).toBe(499);
	});

	it("of a bad credential come before anything is read", async () => {
		for (const authorization of [
			"Bearer bad",
			"Basic Z29vZDpnb29k",
			"Bearer",
			"good",
		]) {
			const response = await post(
				"/api/add",
				{ args: [1, 2] },
				{ authorization },
			);
			expect(response.status).toBe(401);
			expect(response.headers.get("www-authenticate")).toContain("Bearer");
			expect(await problem(response)).toMatchObject({
				code: "UNAUTHENTICATED",
			});
		}
		expect(
			(
				await post(
					"/api/add",
					{ args: [1, 2] },
					{ authorization: "bearer good" },
				)
			).status,
		).toBe(200);
	});
});

describe("bodies that are too large", () => {
	it("are refused by their length", async () => {
		const response = await post("/api/size", new Uint8Array(1_048_577), {
			"content-type": "application/octet-stream",
		});
		expect(response.status).toBe(413);
		expect(await problem(response)).toMatchObject({
			code: "RESOURCE_EXHAUSTED",
			details: { limit: 1_048_576 },
		});
	});

	it("are refused as they come, where no length was given", async () => {
		let sent = 0;
		let cancelled = false;
		const body = new ReadableStream({
			pull(controller) {
				sent += 65_536;
				controller.enqueue(new Uint8Array(65_536));
			},
			cancel() {
				cancelled = true;
			},
		});
		const request = new Request("http://localhost/api/size", {
			method: "POST",
			headers: { "content-type": "application/octet-stream" },
			body,
			duplex: "half",
		} as RequestInit);
		const response = await app.request(request);
		expect(response.status).toBe(413);
		expect(cancelled).toBe(true);
		expect(sent).toBeLessThan(2 * 1_048_576);
	});
});
