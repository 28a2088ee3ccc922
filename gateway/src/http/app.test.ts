import { EasyRemoteError } from "@easyremote/shared/errors";
import { afterAll, describe, expect, it } from "vitest";
import { ANONYMOUS } from "../auth/principal.js";
import { scriptedApp } from "./testing/scripted-app.js";

const { app, close } = scriptedApp({ add: () => 3, zebra: () => 1 });

afterAll(close);

async function codeOf(response: Response): Promise<unknown> {
	expect(response.headers.get("content-type")).toBe("application/problem+json");
	return ((await response.json()) as { code: unknown }).code;
}

describe("paths", () => {
	it("that nobody knows are answered in kind", async () => {
		for (const path of [
			"/nope",
			"/api/a/b/c",
			"/%2e%2e%2fetc%2fpasswd",
			"/assets/../../package.json",
			"/API",
		]) {
			const response = await app.request(path);
			expect(response.status, path).toBe(404);
			expect(await codeOf(response)).toBe("NOT_FOUND");
		}
	});

	it("take the methods they are for and name them", async () => {
		for (const [path, method, allow] of [
			["/healthz", "POST", "GET"],
			["/api/add", "GET", "POST"],
			["/api/add", "DELETE", "POST"],
			["/api", "PUT", "GET"],
			["/api/bundle/function", "GET", "POST"],
			["/api/jobs/some", "POST", "GET, DELETE"],
			["/client.js", "POST", "GET"],
		] as const) {
			const response = await app.request(path, { method });
			expect(response.status, path).toBe(405);
			expect(response.headers.get("allow")).toContain(allow);
		}
	});

	it("say to OPTIONS what they take", async () => {
		const response = await app.request("/api/add", { method: "OPTIONS" });
		expect(response.status).toBe(204);
		expect(response.headers.get("allow")).toBe("POST, OPTIONS");
	});

	it("that fail unexpectedly say so, and nothing more", async () => {
		const broken = scriptedApp(
			{},
			{
				providersFor: () =>
					Promise.reject(new Error("secret path /home/user/x.ts:1")),
			},
		);
		const response = await broken.app.request("/api");
		expect(response.status).toBe(500);
		const text = await response.text();
		expect(text).not.toContain("secret");
		expect(JSON.parse(text)).toMatchObject({ code: "INTERNAL" });
		broken.close();
	});
});

describe("listings", () => {
	it("name functions and who provides them", async () => {
		const { functions } = (await (await app.request("/api")).json()) as {
			functions: unknown[];
		};
		expect(functions).toEqual([
			expect.objectContaining({
				name: "add",
				nodes: ["scripted"],
				stream: false,
			}),
			expect.objectContaining({ name: "zebra", nodes: ["scripted"] }),
		]);
		const { nodes } = (await (await app.request("/api/nodes")).json()) as {
			nodes: unknown[];
		};
		expect(nodes).toEqual([
			expect.objectContaining({
				id: "scripted",
				state: "online",
				functions: ["add", "zebra"],
			}),
		]);
	});

	it("want the same credential as calls", async () => {
		for (const path of ["/api", "/api/nodes", "/api/report"]) {
			const response = await app.request(path, {
				headers: { authorization: "Bearer nonsense" },
			});
			expect(response.status).toBe(401);
		}
	});
});

describe("health", () => {
	it("says whether new work is taken", async () => {
		const health = await app.request("/healthz");
		expect(health.status).toBe(200);
		expect(health.headers.get("x-easyremote-version")).toMatch(/^\d/);
		expect((await app.request("/readyz")).status).toBe(200);
		const draining = scriptedApp({ add: () => 3 }, { ready: () => false });
		expect((await draining.app.request("/healthz")).status).toBe(200);
		expect((await draining.app.request("/readyz")).status).toBe(503);
		const refused = await draining.app.request("/api/add", { method: "POST" });
		expect(refused.status).toBe(503);
		expect(refused.headers.get("retry-after")).toBe("1");
		draining.close();
	});

	it("has a report, for admins", async () => {
		expect(await (await app.request("/api/report")).json()).toEqual({
			uptimeMs: 1,
		});
		const strict = scriptedApp(
			{},
			{ authenticate: () => Promise.resolve(ANONYMOUS) },
		);
		const response = await strict.app.request("/api/report");
		expect(response.status).toBe(403);
		expect(await codeOf(response)).toBe("PERMISSION_DENIED");
		strict.close();
	});
});

describe("pages of other origins", () => {
	it("may call if they are listed, and are told so before", async () => {
		const headers = {
			origin: "https://app.example.com",
			"access-control-request-method": "POST",
			"access-control-request-headers": "authorization",
		};
		const preflight = await app.request("/api/add", {
			method: "OPTIONS",
			headers,
		});
		expect(preflight.status).toBe(204);
		expect(preflight.headers.get("access-control-allow-origin")).toBe(
			"https://app.example.com",
		);
		expect(preflight.headers.get("access-control-allow-headers")).toContain(
			"authorization",
		);
		const response = await app.request("/api/add", {
			method: "POST",
			headers: { origin: headers.origin },
		});
		expect(response.status).toBe(200);
		expect(response.headers.get("access-control-allow-origin")).toBe(
			"https://app.example.com",
		);
		expect(response.headers.get("access-control-expose-headers")).toContain(
			"x-easyremote-node",
		);
		expect(response.headers.get("vary")).toContain("Origin");
	});

	it("are told of failures in readable form too", async () => {
		const response = await app.request("/api/add", {
			method: "POST",
			headers: {
				origin: "https://app.example.com",
				authorization: "Bearer bad",
			},
		});
		expect(response.status).toBe(401);
		expect(response.headers.get("access-control-allow-origin")).toBe(
			"https://app.example.com",
		);
	});

	it.each(["https://evil.example", "null"])(
		"are refused otherwise, before anything is done: %s",
		async (origin) => {
			let asked = false;
			const watched = scriptedApp(
				{ add: () => 3 },
				{
					authenticate: () => {
						asked = true;
						return Promise.reject(new EasyRemoteError("UNAUTHENTICATED", "no"));
					},
				},
			);
			const response = await watched.app.request("/api/add", {
				method: "POST",
				headers: { origin },
			});
			expect(response.status).toBe(403);
			expect(response.headers.get("access-control-allow-origin")).toBeNull();
			expect(asked).toBe(false);
			expect(
				(
					await watched.app.request("/api/add", {
						method: "POST",
						headers: { "sec-fetch-site": "cross-site" },
					})
				).status,
			).toBe(403);
			watched.close();
		},
	);
});

describe("the dashboard", () => {
	it("runs no script but its own, and is in nobody's frame", async () => {
		const response = await app.request("/");
		expect(response.status).toBe(200);
		const html = await response.text();
		expect(html).toContain("EasyRemote");
		expect(html).not.toMatch(/<script>|style=|onclick=/);
		const policy = response.headers.get("content-security-policy") ?? "";
		expect(policy).not.toContain("unsafe-inline");
		expect(policy).toContain("frame-ancestors 'none'");
		expect(policy).toContain(
			"connect-src 'self' ws://localhost wss://localhost",
		);
		for (const [, file = ""] of html.matchAll(
			/(?:src|href)="(\/dashboard\/[^"]+)"/g,
		)) {
			expect((await app.request(file)).status, file).toBe(200);
		}
	});

	it("is not sent twice", async () => {
		const first = await app.request("/dashboard/dashboard.css");
		const etag = first.headers.get("etag") ?? "";
		expect(etag).toMatch(/^".+"$/);
		expect(first.headers.get("content-type")).toContain("text/css");
		const again = await app.request("/dashboard/dashboard.css", {
			headers: { "if-none-match": `W/${etag}, "x"` },
		});
		expect(again.status).toBe(304);
		expect(await again.text()).toBe("");
	});

	it("does not repeat a Host header that is none", async () => {
		const response = await app.request("/", {
			headers: { host: "x; script-src *" },
		});
		expect(response.headers.get("content-security-policy")).not.toContain(
			"script-src *",
		);
	});

	it("gives away no other file", async () => {
		for (const file of [
			"..%2fpackage.json",
			"%2e%2e%2fpackage.json",
			".biome.json",
			"index.html%00.css",
			"nope.js",
		]) {
			expect((await app.request(`/dashboard/${file}`)).status, file).toBe(404);
		}
	});

	it("can be left out", async () => {
		const without = scriptedApp({}, { webUi: false });
		expect((await without.app.request("/")).status).toBe(404);
		expect((await without.app.request("/donate")).status).toBe(404);
		without.close();
	});
});
