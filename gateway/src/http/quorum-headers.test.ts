import { afterEach, describe, expect, it } from "vitest";
import { quorumHeaders } from "./quorum-headers.js";
import { poster, problem } from "./testing/requests.js";
import { scriptedApp } from "./testing/scripted-app.js";

let scripted: ReturnType<typeof scriptedApp>;

afterEach(() => scripted.close());

describe("x-easyremote-quorum", () => {
	it.each<[string, Record<string, string>]>([
		["is no number", { "x-easyremote-quorum": "all" }],
		["is negative", { "x-easyremote-quorum": "-1" }],
		["is none", { "x-easyremote-quorum": "0" }],
		["is more than there ever are", { "x-easyremote-quorum": "99" }],
		["is of a job", { "x-easyremote-quorum": "2", prefer: "respond-async" }],
		[
			"is of a call with a key",
			{ "x-easyremote-quorum": "2", "idempotency-key": "k" },
		],
		[
			"is of a function whose results cannot be compared",
			{ "x-easyremote-quorum": "2" },
		],
	])("is refused where it %s", async (_why, headers) => {
		let ran = 0;
		scripted = scriptedApp({ one: () => (ran += 1) });
		const answer = await poster(scripted.app)(
			"/api/one",
			{ args: [] },
			headers,
		);
		expect(answer.status).toBe(400);
		expect((await problem(answer)).detail).toMatch(/quorum/);
		expect(ran).toBe(0);
	});

	it("may be 1, and then nothing is said of others", async () => {
		scripted = scriptedApp({ one: () => 1 });
		const answer = await poster(scripted.app)(
			"/api/one",
			{ args: [] },
			{ "x-easyremote-quorum": "1" },
		);
		expect(answer.status).toBe(200);
		expect(answer.headers.get("x-easyremote-verified")).toBeNull();
		expect(quorumHeaders({ verified: { answers: 3, agreed: 2 } })).toEqual({
			"x-easyremote-verified": "answers=3, agreed=2",
		});
	});
});
