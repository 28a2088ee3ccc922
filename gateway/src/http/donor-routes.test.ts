import { afterEach, describe, expect, it } from "vitest";
import { ANONYMOUS } from "../auth/principal.js";
import { problem } from "./testing/requests.js";
import { scriptedApp } from "./testing/scripted-app.js";

const ID = "AAAAbbbbCCCC0123";
const CREDIT = { id: ID, cpuSeconds: 1.5, validated: 7, validInRow: 3 };

let scripted: ReturnType<typeof scriptedApp>;

afterEach(() => scripted.close());

function get(path: string, anonymous = false) {
	scripted = scriptedApp(
		{},
		{
			donors: {
				credits: () => [CREDIT],
				creditOf: (id) => (id === ID ? CREDIT : undefined),
			},
			...(anonymous && { authenticate: () => Promise.resolve(ANONYMOUS) }),
		},
	);
	return scripted.app.request(path);
}

describe("GET /api/donors", () => {
	it("lists all of them for admins alone", async () => {
		expect(await (await get("/api/donors")).json()).toEqual({
			donors: [CREDIT],
		});
		const refused = await get("/api/donors", true);
		expect(refused.status).toBe(403);
		expect(await problem(refused)).toMatchObject({ code: "PERMISSION_DENIED" });
	});

	it("tells of one to whoever knows its id", async () => {
		const answer = await get(`/api/donors?id=${ID}`, true);
		expect(await answer.json()).toEqual({ donors: [CREDIT] });
		expect(answer.headers.get("cache-control")).toBe("no-store");
		const unknown = await get("/api/donors?id=AAAAbbbbCCCC9999", true);
		expect(await unknown.json()).toEqual({ donors: [] });
	});

	it.each(["", "x", "..%2f..%2fetc%2fpasswd", "A".repeat(10_000)])(
		"takes no other text for one (%s)",
		async (id) => {
			expect((await get(`/api/donors?id=${id}`, true)).status).toBe(400);
		},
	);
});
