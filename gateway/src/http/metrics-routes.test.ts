import { EasyRemoteError } from "@easyremote/shared/errors";
import { Registry } from "prom-client";
import { afterAll, describe, expect, it } from "vitest";
import type { Principal } from "../auth/principal.js";
import { scriptedApp } from "./testing/scripted-app.js";

const closers: (() => void)[] = [];
afterAll(() => {
	for (const close of closers) close();
});

function appWith(grants: readonly string[], metrics?: Registry) {
	const principal: Principal = {
		id: "key:x",
		subject: "x",
		anonymous: false,
		grants: [...grants],
	};
	const made = scriptedApp(
		{},
		{ metrics, authenticate: () => Promise.resolve(principal) },
	);
	closers.push(made.close);
	return made.app;
}

describe("GET /metrics", () => {
	it.each([
		[["admin"], 200],
		[["metrics"], 200],
		[["call:*", "metrics"], 200],
		[["call:*", "node:*", "publish:*"], 403],
		[[], 403],
	])("with the grants %j is answered %i", async (grants, status) => {
		const response = await appWith(grants, new Registry()).request("/metrics");
		expect(response.status).toBe(status);
	});

	it("is in Prometheus' text format and in no cache", async () => {
		const { headers } = await appWith(["metrics"], new Registry()).request(
			"/metrics",
		);
		expect(headers.get("content-type")).toBe(
			"text/plain; version=0.0.4; charset=utf-8",
		);
		expect(headers.get("cache-control")).toBe("no-store");
	});

	it("does not exist where it is turned off", async () => {
		const response = await appWith(["admin"]).request("/metrics");
		expect(response.status).toBe(404);
	});
});

it("the report stays with admins", async () => {
	expect((await appWith(["metrics"]).request("/api/report")).status).toBe(403);
});

it("requests that are refused are counted by their reason", async () => {
	const refused: string[] = [];
	const { app, close } = scriptedApp(
		{ add: () => 3 },
		{
			refused: ({ code }) => refused.push(code),
			authenticate: (credential) =>
				Promise.reject(
					new EasyRemoteError("UNAUTHENTICATED", `no ${credential}`),
				),
		},
	);
	closers.push(close);
	await app.request("/api/add", { method: "POST", body: "{}" });
	await app.request("/api/report");
	expect(refused).toEqual(["UNAUTHENTICATED", "UNAUTHENTICATED"]);
});
